#include "machine.hpp"

#include <eigencoder/extend/threads.hpp>
#include <Eigen/Core>
#include <atomic>
#include <cstddef>
#include <memory>

#include "stopwatch.hpp"
#include "team.hpp"

namespace benchmark {
namespace {

constexpr int attempts = 5;  // the best counts: it is a limit

/// Multiply-adds that depend on nothing but themselves, enough of them in flight to fill the units. They tend to 1.
/// Returns how many operations they were.
double multiply_adds(std::size_t rounds) {
  namespace eigen = Eigen::internal;
  using Packet = eigen::packet_traits<float>::type;
  constexpr int size = eigen::packet_traits<float>::size, chains = 12;
  const Packet half = eigen::pset1<Packet>(0.5F);
  Packet sums[chains];
  for (Packet& sum : sums) sum = half;
  for (std::size_t i = 0; i < rounds; ++i)
    for (Packet& sum : sums) sum = eigen::pmadd(sum, half, half);
  Packet total = half;
  for (const Packet& sum : sums) total = eigen::padd(total, sum);
  static std::atomic<float> kept;
  kept = eigen::pfirst(total);  // so that nothing is left out
  return 2.0 * size * chains * static_cast<double>(rounds);
}

double peak_operations(int threads) {
  double best = 0;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    std::atomic<double> operations = 0;
    const Stopwatch watch;
    on_threads(threads, [&](int) { operations += multiply_adds(std::size_t{1} << 24); });
    best = std::max(best, operations / watch.seconds());
  }
  return best;
}

/// a = b + s c: two values read and one written, of three arrays of 384 MiB that no cache holds.
double peak_bytes(int threads) {
  const std::size_t size = std::size_t{96} << 20;
  const std::unique_ptr<float[]> a(new float[size]), b(new float[size]), c(new float[size]);
  const auto part = [&](int thread) {
    return size / static_cast<std::size_t>(threads) * static_cast<std::size_t>(thread);
  };
  const auto triad = [&](int thread) {
    for (std::size_t i = part(thread), end = part(thread + 1); i < end; ++i) a[i] = b[i] + 0.5F * c[i];
  };
  on_threads(threads, [&](int thread) {  // each thread touches its own pages first
    for (std::size_t i = part(thread); i < part(thread + 1); ++i) a[i] = b[i] = c[i] = 1;
  });
  double best = 0;
  for (int attempt = 0; attempt < attempts; ++attempt) {
    const Stopwatch watch;
    on_threads(threads, triad);
    best = std::max(best, 3.0 * sizeof(float) * static_cast<double>(size) / watch.seconds());
  }
  return best;
}

}  // namespace

void use_threads(int threads) { eigencoder::set_threads(threads); }

Machine measure_machine(int threads) { return {peak_operations(threads), peak_bytes(threads)}; }

double eigen_products(int threads, double seconds) {
  Eigen::setNbThreads(1);  // in each product
  std::atomic<double> total = 0;
  on_threads(threads, [&](int) {
    constexpr Eigen::Index n = 512;
    const Eigen::MatrixXf a = Eigen::MatrixXf::Constant(n, n, 0.5F), b = a;
    Eigen::MatrixXf c(n, n);
    total += rate(1, seconds, [&] { c.noalias() = a * b; });
  });
  return total;
}

}  // namespace benchmark
