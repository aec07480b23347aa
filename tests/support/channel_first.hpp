#pragma once

#include <cmath>
#include <cstddef>
#include <cstring>
#include <eigencoder/detail/safetensors/safetensors.hpp>
#include <map>
#include <string>
#include <vector>

/// Layers as PyTorch defines them, for one channel-first sample and the tensors of a file by name. The code is
/// independent of how the library stores parameters and images.
namespace channel_first {

using Values = std::vector<double>;

struct Tensor {
  std::vector<std::size_t> shape;
  Values values;
};

/// All tensors of a file.
class Tensors {
 public:
  template <class Scalar>
  static Tensors of(const std::string& path, Scalar) {
    Tensors tensors;
    const auto file = eigencoder::detail::read_safetensors(path);
    for (const auto& info : file.tensors) {
      Tensor& tensor = tensors.by_name_[info.name];
      tensor.shape.assign(info.shape.begin(), info.shape.end());
      const auto bytes = file.payload(info);
      for (std::size_t i = 0; i + sizeof(Scalar) <= bytes.size(); i += sizeof(Scalar)) {
        Scalar value;
        std::memcpy(&value, bytes.data() + i, sizeof(Scalar));
        tensor.values.push_back(static_cast<double>(value));
      }
    }
    return tensors;
  }
  const Tensor& operator()(const std::string& name) const { return by_name_.at(name); }
  bool has(const std::string& name) const { return by_name_.count(name) == 1; }

 private:
  std::map<std::string, Tensor> by_name_;
};

/// A sample: channels x height x width; a vector has height and width 1.
struct Sample {
  std::size_t channels, height, width;
  Values values;

  double at(std::size_t c, std::size_t y, std::size_t x) const { return values[(c * height + y) * width + x]; }
};

/// A sample of the library, which is channel-last.
template <class Scalar>
Sample from_channel_last(const Scalar* values, std::size_t height, std::size_t width, std::size_t channels) {
  Sample sample{channels, height, width, {}};
  for (std::size_t c = 0; c < channels; ++c)
    for (std::size_t p = 0; p < height * width; ++p) sample.values.push_back(double{values[p * channels + c]});
  return sample;
}

inline Sample unflatten(Sample x, std::size_t channels, std::size_t height, std::size_t width) {
  return {channels, height, width, std::move(x.values)};
}
inline Sample flatten(Sample x) {
  const std::size_t size = x.values.size();
  return unflatten(std::move(x), size, 1, 1);
}

template <class F>
Sample map(Sample x, const F& f) {
  for (double& value : x.values) value = f(value);
  return x;
}
inline Sample relu(Sample x) {
  return map(std::move(x), [](double v) { return v > 0 ? v : 0; });
}
inline Sample tanh(Sample x) {
  return map(std::move(x), [](double v) { return std::tanh(v); });
}

/// nn.Linear: weight out x in.
inline Sample linear(const Tensors& all, const std::string& name, const Sample& x) {
  const Tensor &w = all(name + ".weight"), &b = all(name + ".bias");
  Sample y{w.shape[0], 1, 1, b.values};
  for (std::size_t o = 0; o < w.shape[0]; ++o)
    for (std::size_t i = 0; i < w.shape[1]; ++i) y.values[o] += w.values[o * w.shape[1] + i] * x.values[i];
  return y;
}

struct Window {
  std::size_t stride = 1, padding = 0, groups = 1;
};

/// nn.Conv2d: weight out x in / groups x height x width.
inline Sample conv2d(const Tensors& all, const std::string& name, const Sample& x, Window window) {
  const Tensor &w = all(name + ".weight"), &b = all(name + ".bias");
  const std::size_t outputs = w.shape[0], inputs = w.shape[1], kh = w.shape[2], kw = w.shape[3];
  const auto size = [&](std::size_t in, std::size_t kernel) {
    return (in + 2 * window.padding - kernel) / window.stride + 1;
  };
  Sample y{outputs, size(x.height, kh), size(x.width, kw), {}};
  for (std::size_t o = 0; o < outputs; ++o)
    for (std::size_t i = 0; i < y.height; ++i)
      for (std::size_t j = 0; j < y.width; ++j) {
        double sum = b.values[o];
        for (std::size_t c = 0; c < inputs; ++c)
          for (std::size_t k = 0; k < kh; ++k)
            for (std::size_t l = 0; l < kw; ++l) {
              const std::size_t row = i * window.stride + k - window.padding;
              const std::size_t col = j * window.stride + l - window.padding;
              if (row >= x.height || col >= x.width) continue;  // a negative index wraps
              sum += w.values[((o * inputs + c) * kh + k) * kw + l] *
                     x.at(o / (outputs / window.groups) * inputs + c, row, col);
            }
        y.values.push_back(sum);
      }
  return y;
}

/// nn.ConvTranspose2d: weight in x out / groups x height x width, to images of this size.
inline Sample conv_transpose2d(const Tensors& all, const std::string& name, const Sample& x, Window window,
                               std::size_t height, std::size_t width) {
  const Tensor &w = all(name + ".weight"), &b = all(name + ".bias");
  const std::size_t inputs = w.shape[0], outputs = w.shape[1], kh = w.shape[2], kw = w.shape[3];
  Sample y{outputs * window.groups, height, width, {}};
  for (std::size_t o = 0; o < y.channels; ++o) y.values.insert(y.values.end(), height * width, b.values[o]);
  for (std::size_t c = 0; c < inputs; ++c)
    for (std::size_t i = 0; i < x.height; ++i)
      for (std::size_t j = 0; j < x.width; ++j)
        for (std::size_t o = 0; o < outputs; ++o)
          for (std::size_t k = 0; k < kh; ++k)
            for (std::size_t l = 0; l < kw; ++l) {
              const std::size_t row = i * window.stride + k - window.padding;
              const std::size_t col = j * window.stride + l - window.padding;
              if (row >= height || col >= width) continue;
              const std::size_t to = c / (inputs / window.groups) * outputs + o;
              y.values[(to * height + row) * width + col] +=
                  w.values[((c * outputs + o) * kh + k) * kw + l] * x.at(c, i, j);
            }
  return y;
}

/// nn.BatchNorm1d and 2d in inference.
inline Sample batch_norm(const Tensors& all, const std::string& name, Sample x) {
  const Tensor &w = all(name + ".weight"), &b = all(name + ".bias"), &mean = all(name + ".running_mean"),
               &variance = all(name + ".running_var");
  for (std::size_t c = 0; c < x.channels; ++c)
    for (std::size_t p = 0; p < x.height * x.width; ++p) {
      double& value = x.values[c * x.height * x.width + p];
      value = (value - mean.values[c]) / std::sqrt(variance.values[c] + 1e-5) * w.values[c] + b.values[c];
    }
  return x;
}

/// nn.LayerNorm over all values of a sample.
inline Sample layer_norm(const Tensors& all, const std::string& name, Sample x) {
  const Tensor &w = all(name + ".weight"), &b = all(name + ".bias");
  const auto n = static_cast<double>(x.values.size());
  double mean = 0, variance = 0;
  for (const double value : x.values) mean += value / n;
  for (const double value : x.values) variance += (value - mean) * (value - mean) / n;
  for (std::size_t i = 0; i < x.values.size(); ++i)
    x.values[i] = (x.values[i] - mean) / std::sqrt(variance + 1e-5) * w.values[i] + b.values[i];
  return x;
}

}  // namespace channel_first
