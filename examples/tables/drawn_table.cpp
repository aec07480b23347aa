#include "drawn_table.hpp"

#include <cmath>
#include <common/formatted.hpp>
#include <eigencoder/extend/random.hpp>

namespace examples {

using eigencoder::Index, eigencoder::Random;

namespace {

struct Readings {
  double speed, flow, pressure, power, current, motor, oil, air, vibration, valve;
};

/// Readings of a sound pump: at a load from 0 to 1, in some weather.
Readings draw_readings(Random& random) {
  const double load = random.uniform(), speed = 900 + 2000 * load + 25 * random.normal();
  const double air = 18 + 5 * random.normal();
  const double flow = 0.021 * speed * (1 + 0.02 * random.normal());
  const double pressure = 1.1 + 5.5e-7 * speed * speed + 0.06 * random.normal();
  const double power = 0.4 + 0.045 * flow * pressure * (1 + 0.02 * random.normal());
  return {.speed = speed,
          .flow = flow,
          .pressure = pressure,
          .power = power,
          .current = 1.5 + 1.8 * power + 0.15 * random.normal(),
          .motor = air + 22 + 3.2 * power + 1.2 * random.normal(),
          .oil = air + 14 + 18 * load + random.normal(),
          .air = air,
          .vibration = 0.7 + 1.3 * load + 0.12 * random.normal(),
          .valve = 30 + 62 * load + 2 * random.normal()};
}

/// Brings in one of four faults.
void break_pump(Readings& readings, Random& random) {
  const Readings other = draw_readings(random);
  switch (random.below(4)) {
    case 0:  // a leak
      readings.pressure = 1.1 + 0.6 * (readings.pressure - 1.1);
      return;
    case 1:  // a blocked pipe
      readings.flow *= 0.65;
      readings.pressure *= 1.12;
      return;
    case 2:  // a worn bearing
      readings.vibration += 0.9;
      readings.motor += 6;
      return;
    default:  // a sensor that shows what it showed at another time
      (random.bernoulli(0.5) ? readings.oil = other.oil : readings.valve = other.valve);
  }
}

}  // namespace

std::string drawn_table(Index rows, std::uint64_t seed) {
  constexpr double faults = 0.05;
  std::string text =
      "speed,flow,pressure,power,current,motor temperature,oil temperature,air temperature,vibration,"
      "valve,state\n";
  for (Index j = 0; j < rows; ++j) {
    Random random(seed, eigencoder::Purpose::user, 2, 0, static_cast<std::uint32_t>(j));
    Readings r = draw_readings(random);
    const bool fault = random.bernoulli(faults);
    if (fault) break_pump(r, random);
    text += formatted("%.0f,%.2f,%.3f,%.3f,%.2f,%.1f,%.1f,%.1f,%.3f,%.1f,%s\n", r.speed, r.flow, r.pressure, r.power,
                      r.current, r.motor, r.oil, r.air, r.vibration, r.valve, fault ? "fault" : "ok");
  }
  return text;
}

}  // namespace examples
