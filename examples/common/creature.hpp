#pragma once

#include <cstdint>
#include <eigencoder/extend/random.hpp>
#include <utility>
#include <vector>
#include "pixel_canvas.hpp"
#include "sketch.hpp"

namespace examples {

/// A creature thought up from random numbers: one of six plans of a body, with a head that is the same
/// for all of them. The head's center is the origin, and it is about 15 wide.
class Creature {
 public:
  explicit Creature(eigencoder::Random random) : random_(random) {
    size_ = between(0.76, 1.0);
    const auto plan = random_.below(6);
    head_ = {between(6.2, 7.8), between(0, 2.6)};
    if (plan == 0) walker();
    if (plan == 1) blob();
    if (plan == 2) bird();
    if (plan == 3) beast();
    if (plan == 4) bug();
    if (plan == 5) swimmer();
  }

  void paint(PixelCanvas& canvas) const { sketch_.paint(canvas, size_, 1.3); }

 private:
  struct Head {
    double radius, flat;  ///< flat: half the length of the straight top
    double side() const { return flat + radius; }
  };

  double between(double low, double high) { return low + (high - low) * random_.uniform(); }
  bool chance(double p) { return random_.bernoulli(p); }
  const Sketch::Stamp& one_of(const std::vector<Sketch::Stamp>& stamps) {
    return stamps[random_.below(static_cast<std::uint32_t>(stamps.size()))];
  }
  void part(CreatureColor color, std::vector<Stroke> strokes) { sketch_.part(color, std::move(strokes)); }
  void patch(CreatureColor color, std::vector<Stroke> strokes) { sketch_.patch(color, std::move(strokes)); }

  // Six plans of a body.

  void walker() {
    const double neck = head_.radius * 0.75, waist = neck + between(4.5, 7), hips = between(4.4, 6.4);
    const double foot = waist + hips * 0.55 + between(1.5, 3.5), reach = hips + between(1.6, 3.4);
    if (chance(0.4)) wings(hips * 0.6, neck + 2, between(0.9, 1.25));
    if (chance(0.5)) tails(hips * 0.6, waist + 1);
    part(fur, {{{hips * 0.55, waist, 2.4}, {hips * 0.62, foot, 2.1}, {hips * 0.62 + 1.2, foot + 0.3, 1.9}}});
    const double lift = between(-3, 3.5);
    part(fur, {{{0, neck + 1, hips * 0.72}, {0, waist, hips}}});
    if (chance(0.8))
      patch(belly, {{{0, waist - hips * 0.3, hips * 0.5}, {0, waist + hips * 0.2, hips * 0.6}}});
    part(fur, {{{hips * 0.75, neck + 2, 1.7}, {reach, neck + 4 + lift, 1.5}}});
    head();
  }

  void blob() {
    head_ = {between(8, 10.5), between(0, 2.5)};
    if (chance(0.35)) wings(head_.side() * 0.7, 0, between(0.7, 1.0));
    if (chance(0.35)) tails(head_.side() * 0.6, 5);
    const double foot = head_.radius * 0.93;
    part(chance(0.5) ? accent : fur,
         {{{head_.side() * 0.4, foot, 2.1}, {head_.side() * 0.4 + 1.4, foot + 0.5, 1.9}}});
    head();
    if (chance(0.6))
      part(fur, {{{head_.side() * 0.93, 2.5, 1.5}, {head_.side() + between(1, 2.2), between(0, 5), 1.4}}});
  }

  void bird() {
    const double breast = head_.radius + between(2, 4.5), round = between(6, 8);
    part(accent,
         {{{2.6, breast + round, 0.8}, {2.8, breast + round + 2.5, 0.8}, {4.6, breast + round + 2.8, 0.8}}});
    wings(round * 0.75, breast - 1, between(0.85, 1.35));
    part(fur, {{{0, breast, round}, {0, breast + 1.5, round * 0.94}}});
    if (chance(0.85)) patch(belly, {{{0, breast + 2, round * 0.62}, {0, breast + 4, round * 0.6}}});
    beak_ = true;
    head();
  }

  void beast() {
    const double back = head_.radius * 0.55, barrel = between(5.8, 7.6),
                 foot = back + barrel + between(1, 3.5);
    if (chance(0.75)) tails(barrel * 0.7, back + 1);
    if (chance(0.2)) wings(barrel * 0.7, back - 1, between(0.8, 1.2));
    part(fur, {{{barrel * 0.95, back + 3, 2.4}, {barrel * 1.02, foot - 1.4, 1.9}}});
    part(fur, {{{0, back + 2, barrel}, {1.6, back + 2.5, barrel}}});
    part(fur, {{{barrel * 0.38, back + 4, 2.3}, {barrel * 0.4, foot, 1.9}}});
    if (chance(0.5)) patch(accent, {{{barrel * 0.4, foot + 0.6, 2.4}}});
    if (chance(0.35)) mane();
    head();
  }

  void bug() {
    const double thorax = head_.radius + between(1.5, 3), tail = thorax + between(5, 8),
                 round = between(3.8, 5.4);
    if (chance(0.65)) butterfly_wings(thorax, between(0.85, 1.2));
    const double reach = round + between(3, 5);
    part(fur, {{{round * 0.6, thorax + 1, 0.6}, {reach, thorax + 0.5, 0.6}, {reach + 1.2, thorax + 3.4, 0.5}},
               {{round * 0.6, tail, 0.6}, {reach - 1, tail + 0.4, 0.6}, {reach, tail + 3.4, 0.5}}});
    part(fur, {{{0, tail, round * 0.95}, {0, tail + between(1, 3.5), round * 0.55}}});
    patch(belly,
          {{{0, tail + 0.4, 0.9}, {12, tail + 0.4, 0.9}}, {{0, tail + 3.6, 0.8}, {12, tail + 3.6, 0.8}}});
    part(fur, {{{0, thorax, round}}});
    if (chance(0.5)) patch(accent, {{{0, thorax + 2.4, 2}}});
    antennae_ = true;
    head();
  }

  void swimmer() {
    const double skirt = head_.radius * 0.7, reach = head_.side() * 0.5;
    if (chance(0.5)) {
      const double length = between(6, 10), curl = between(-1, 3);
      part(fur, {{{reach * 1.2, skirt, 2.2},
                  {reach * 1.2 + 2.5, skirt + length * 0.6, 1.7},
                  {reach * 1.2 + 3 + curl, skirt + length * 0.8, 1.1}}});
      part(fur,
           {{{0.9, skirt, 2}, {1.6, skirt + length, 1.7}, {2.6 + curl * 0.5, skirt + length + 1.5, 1.0}}});
    } else {
      const double length = between(5, 8);
      part(accent,
           {{{0, skirt + length, 1}, {3.4, skirt + length + 3, 1.9}, {5.4, skirt + length + 3.4, 0.5}}});
      part(fur, {{{0, skirt, head_.radius * 0.8}, {0, skirt + length, 1.8}}});
      patch(belly, {{{0, skirt + 2, head_.radius * 0.5}, {0, skirt + length, 1.4}}});
    }
    const double fin = between(3.5, 6.5), sweep = between(-3, 4);
    part(accent, {{{head_.side() * 0.8, 1.5, 2},
                   {head_.side() + fin * 0.5, 1.5 + sweep * 0.6, 1.7},
                   {head_.side() + fin, 1.5 + sweep, 0.4}}});
    head();
  }

  // Parts that any plan may use.

  void wings(double x, double y, double length) {
    const double a = length, rise = between(-2, 2.5);
    if (chance(0.5))  // feathers
      part(belly, {{{x, y, 2}, {x + 5 * a, y - (3 + rise) * a, 2.1}, {x + 9 * a, y - (4.5 + rise) * a, 1}},
                   {{x, y + 1, 2}, {x + 7.5 * a, y - rise * 0.5 * a, 1.4}},
                   {{x, y + 2, 2}, {x + 5.5 * a, y + (2.6 - rise * 0.3) * a, 1.4}}});
    else  // leather
      part(accent,
           {{{x, y, 1.6}, {x + 5 * a, y - (6 + rise) * a, 1.2}, {x + 9.5 * a, y - (5 + rise) * a, 0.3}},
            {{x + 1, y, 2}, {x + 5 * a, y - (3 + rise) * a, 2.4}, {x + 8.5 * a, y - rise * a, 0.3}},
            {{x, y + 1, 2}, {x + 3 * a, y - 0.5 * a, 2}, {x + 5 * a, y + (3 - rise * 0.5) * a, 0.3}}});
  }

  void butterfly_wings(double y, double length) {
    const double a = length, lobe = between(3.4, 4.4), tail = between(2.2, 3.2);
    part(accent, {{{2, y + 1, 1}, {8.5 * a, y + 5 * a, tail}}});
    part(accent, {{{2, y, 1.2}, {10.5 * a, y - 3.5 * a, lobe}}});
    patch(belly, {{{10.8 * a, y - 3.6 * a, lobe * 0.5}}});
  }

  void tails(double x, double y) {
    const double reach = between(4, 7), rise = between(2, 8), thick = between(1.3, 2.6);
    part(fur, {{{x, y, 1.5},
                {x + reach, y + 0.5, thick},
                {x + reach + 1.5, y - rise * 0.6, thick},
                {x + reach + 0.6, y - rise, 0.5}}});
    if (chance(0.6)) patch(accent, {{{x + reach + 1.2, y - rise, thick * 1.3}}});
  }

  void mane() {
    const double r = head_.radius, w = head_.flat;
    part(accent, {{{0, -r, 2.6},
                   {w, -r, 2.6},
                   {w + r * 0.75, -r * 0.7, 2.7},
                   {w + r, 0, 2.8},
                   {w + r * 0.75, r * 0.7, 2.6},
                   {w, r, 2.4},
                   {0, r, 2.6}}});
  }

  void head() {
    const double r = head_.radius, w = head_.flat, x = w + r * 0.68, y = -r * 0.68;
    if (antennae_)
      antennae();
    else
      crown(x, y);
    part(fur, {{{0, 0, r}, {w, 0.3, r * 0.97}}});
    switch (random_.below(4)) {
      case 0:
        patch(belly, {{{0, r * 0.65, r * 0.62}, {w, r * 0.65, r * 0.6}}});
        break;
      case 1:
        patch(accent, {{{0, -r, 1.6}, {0, -r * 0.35, 0.4}}, {{w + r, -r * 0.1, 1.4}, {w + r * 0.5, 0, 0.3}}});
        break;
      case 2:
        patch(belly, {{{w + r * 0.35, 0, r * 0.42}}});
        break;
      default:
        break;
    }
    face();
  }

  void crown(double x, double y) {
    const double r = head_.radius, w = head_.flat, tall = between(0.8, 1.25);
    switch (random_.below(8)) {
      case 0:  // round ears
        part(fur, {{{x, y - 0.5, 2.9 * tall}}});
        patch(belly, {{{x, y - 0.5, 1.5 * tall}}});
        break;
      case 1:  // cat's ears
        part(fur, {{{x - 0.8, y + 1, 3}, {x + 1.2, y - 4.6 * tall, 0.3}}});
        patch(blush, {{{x - 0.3, y - 0.2, 1.4}, {x + 0.8, y - 3 * tall, 0.2}}});
        break;
      case 2:  // rabbit's ears
        part(fur, {{{w + r * 0.3, -r * 0.8, 1.4},
                    {w + r * 0.45, -r - 4 * tall, 2.2},
                    {w + r * 0.5, -r - 8 * tall, 0.8}}});
        patch(belly, {{{w + r * 0.45, -r - 3.6 * tall, 1.1}, {w + r * 0.5, -r - 6.4 * tall, 0.5}}});
        break;
      case 3:  // hanging ears
        part(accent, {{{x - 0.5, y + 0.5, 1.6}, {x + 3, y + 2.5, 2.0}, {x + 3.6, y + 7 * tall, 1.7}}});
        break;
      case 4:  // two horns
        part(accent, {{{x - 2, y, 1.6}, {x + 0.6, y - 2.6 * tall, 1.2}, {x + 0.2, y - 5.4 * tall, 0.2}}});
        break;
      case 5:  // a leaf or two
        part(accent,
             {{{0, -r, 0.7}, {0, -r - 2, 0.7}, {3, -r - 4 * tall, 1.9}, {6.5 * tall, -r - 4.4 * tall, 0.3}}});
        break;
      case 6:  // a tuft of flame
        part(accent, {{{0, -r + 1, 2.8}, {0, -r - 6 * tall, 0.2}},
                      {{1.5, -r + 1.5, 2.4}, {3.6, -r - 3.6 * tall, 0.2}}});
        break;
      default:  // one horn between small ears
        part(fur, {{{x - 0.6, y + 0.6, 2.4}, {x + 2.4, y - 2.2 * tall, 0.4}}});
        part(accent, {{{0, -r + 1, 1.9}, {0, -r - 5 * tall, 0.2}}});
    }
  }

  void antennae() {
    const double r = head_.radius, tall = between(0.7, 1.2);
    part(accent, {{{1.4, -r, 0.5}, {3, -r - 4 * tall, 0.5}}, {{3.4, -r - 4.6 * tall, 1.3}}});
  }

  void face() {
    static const std::vector<Sketch::Stamp> eyes = {
        {"KK", "WK", "KK"},       {".KK", "KWK", "KKK", ".KK"}, {"WWW", "KKW", "KKW", "WWW"},
        {"..KK", "KKKW", ".WKW"}, {"AAA", "AKW", "AKK", "AAA"}, {"WK", "KK"}};
    static const std::vector<Sketch::Stamp> mouths = {{"K"},          {"KK", "K"},    {".K", "K."},
                                                      {"..K", "KK."}, {"KKK", ".W."}, {"KKK", "BB"}};
    static const Sketch::Stamp beak = {"AA", "AA", "A"}, cheek = {"BB"};
    const double r = head_.radius, gap = head_.flat + r * between(0.22, 0.36);
    sketch_.stamp(gap, -r * 0.2, one_of(eyes));
    if (beak_)
      sketch_.stamp(0, r * 0.2, beak);
    else
      sketch_.stamp(0, r * 0.48, one_of(mouths));
    if (chance(0.4)) sketch_.stamp(gap + 2, r * 0.38, cheek);
  }

  eigencoder::Random random_;
  Sketch sketch_;
  Head head_{};
  double size_ = 1;
  bool beak_ = false;
  bool antennae_ = false;
};

}  // namespace examples
