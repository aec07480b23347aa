#include "variational.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <numeric>
#include <string>
#include "plots.hpp"

namespace examples {

using eigencoder::Index, eigencoder::MatrixX, eigencoder::Posterior;

double mean(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> divergences(const Posterior<float>& posterior) {
  std::vector<double> nats;
  for (Index i = 0; i < posterior.mean.rows(); ++i) {
    const auto m = posterior.mean.row(i).cast<double>().array();
    const auto l = posterior.log_variance.row(i).cast<double>().array();
    nats.push_back((l.exp() + m * m - 1 - l).mean() / 2);
  }
  return nats;
}

std::vector<Index> by_divergence(const std::vector<double>& nats) {
  std::vector<Index> order(nats.size());
  std::iota(order.begin(), order.end(), Index{0});
  std::sort(order.begin(), order.end(), [&](Index a, Index b) {
    const double of_a = nats[static_cast<std::size_t>(a)], of_b = nats[static_cast<std::size_t>(b)];
    return of_a > of_b || (of_a == of_b && a < b);
  });
  return order;
}

Index active_units(const Posterior<float>& posterior) {
  Index active = 0;
  for (Index i = 0; i < posterior.mean.rows(); ++i) {
    const auto m = posterior.mean.row(i).cast<double>().array();
    active += (m - m.mean()).square().mean() > 0.01;
  }
  return active;
}

double normal_quantile(double p) {
  double low = -40, high = 40;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2)) / 2 < p ? low : high) = middle;
  }
  return low;
}

void describe_likelihood(Report& report, double bound, const Posterior<float>& posterior) {
  const std::vector<double> nats = divergences(posterior);
  const double kl = std::accumulate(nats.begin(), nats.end(), 0.0);
  report.more.push_back({"test_elbo", bound});
  report.more.push_back({"test_kl", kl});
  std::printf("\nHeld-out evidence lower bound: %.2f nats an image, of which the KL divergence takes %.2f.\n", bound,
              kl);
  if (posterior.mean.cols() < 2) return;  // of one image nothing varies
  const Index active = active_units(posterior);
  report.more.push_back({"active_units", static_cast<double>(active)});
  std::printf("%td of the %td values of the code are active.\n", active, posterior.mean.rows());
}

void write_codes(const Options& options, const std::vector<int>& labels, const Posterior<float>& posterior) {
  std::vector<Index> axes = by_divergence(divergences(posterior));
  std::sort(axes.begin(), axes.begin() + 2);
  MatrixX<float> points(2, posterior.mean.cols());
  for (Index i = 0; i < 2; ++i) points.row(i) = posterior.mean.row(axes[static_cast<std::size_t>(i)]);
  const auto label = [](Index axis) { return "value " + std::to_string(axis + 1) + " of the code"; };
  write_clouds(options, "codes.svg", labels, points,
               {.title = "Codes of held-out samples", .x_label = label(axes[0]), .y_label = label(axes[1])});
}

}  // namespace examples
