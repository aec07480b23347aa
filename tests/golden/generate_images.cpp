// The cases of images.test.cpp: layers of images. See generate.cpp.
//
// Each layer is between others with parameters, so that their gradients test its backward pass. Between layers images
// have the library's layout; torch gets them with the channels first.
#include "cases.hpp"

#include <algorithm>
#include <utility>

namespace golden {
namespace {

/// A layer of images with the channels first.
Layer on_image(const Activation& f) {
  return [f](const Tensor& x, bool) {
    return f(x.permute({0, 3, 1, 2}).contiguous()).permute({0, 2, 3, 1}).contiguous();
  };
}

/// Height x width x channels from here on; what comes may be flat.
Layer as_image(const Sizes& shape) {
  return [=](const Tensor& x, bool) { return x.reshape({x.size(0), shape[0], shape[1], shape[2]}); };
}
const Layer flat = pointwise([](const Tensor& x) { return x.flatten(1); });
const Layer leaky_relu = pointwise([](const Tensor& x) { return torch::leaky_relu(x, 0.2); });

Layer residual(const std::vector<Layer>& layers) {
  return [=](const Tensor& x, bool training) {
    Tensor y = x;
    for (const Layer& layer : layers) y = layer(y, training);
    return x + y;
  };
}

/// The window of a layer; `padding` is given or, with `same`, computed: an odd zero is at the end, as in TensorFlow.
struct Window {
  Sizes kernel;
  Sizes stride = {1, 1};
  Sizes padding = {0, 0};
  Sizes dilation = {1, 1};
  Sizes output_padding = {0, 0};
  std::int64_t groups = 1;
  bool same = false;

  std::int64_t extent(std::size_t side) const { return (kernel[side] - 1) * dilation[side] + 1; }
  /// The zeros before and after a side of n values.
  Sizes around(std::size_t side, std::int64_t n) const {
    const std::int64_t positions = (n + stride[side] - 1) / stride[side];
    const std::int64_t all = std::max<std::int64_t>((positions - 1) * stride[side] + extent(side) - n, 0);
    return {all / 2, all - all / 2};
  }
};

/// From the library's layout of weights to torch's: outputs x inputs of a group x kernel.
Tensor kernel_of(const Tensor& w) {
  return w.permute({0, 4, 3, 1, 2}).reshape({w.size(0) * w.size(4), w.size(3), w.size(1), w.size(2)});
}

Layer conv_with(const Tensor& w, const Tensor& b, const Window& at) {
  return on_image([=](const Tensor& x) {
    if (!at.same) return torch::conv2d(x, kernel_of(w), b, at.stride, at.padding, at.dilation, at.groups);
    const Sizes down = at.around(0, x.size(2)), right = at.around(1, x.size(3));
    const Tensor padded = F::pad(x, F::PadFuncOptions({right[0], right[1], down[0], down[1]}));
    return torch::conv2d(padded, kernel_of(w), b, at.stride, at.padding, at.dilation, at.groups);
  });
}

Layer conv_transpose_with(const Tensor& w, const Tensor& b, const Window& at) {
  return on_image([=](const Tensor& x) {
    const Tensor y = torch::conv_transpose2d(x, kernel_of(w), b, at.stride, at.padding, at.output_padding, at.groups,
                                             at.dilation);
    if (!at.same) return y;
    const Sizes sides = {x.size(2) * at.stride[0], x.size(3) * at.stride[1]};
    const std::int64_t top = at.around(0, sides[0])[0], left = at.around(1, sides[1])[0];
    return y.narrow(2, top, sides[0]).narrow(3, left, sides[1]);
  });
}

struct ImageModel : Model {
  Tensor kernel(std::int64_t inputs, std::int64_t outputs, const Window& at) {
    return weight({at.groups, at.kernel[0], at.kernel[1], inputs / at.groups, outputs / at.groups}, 0.3);
  }
  Layer conv(std::int64_t inputs, std::int64_t outputs, const Window& at, bool biased = true) {
    const Tensor w = kernel(inputs, outputs, at);
    return conv_with(w, biased ? bias(outputs) : Tensor(), at);
  }
  /// Also the mirror image of conv(outputs, inputs, at).
  Layer conv_transpose(std::int64_t inputs, std::int64_t outputs, const Window& at, bool biased = true) {
    const Tensor w = kernel(outputs, inputs, at);
    return conv_transpose_with(w, biased ? bias(outputs) : Tensor(), at);
  }
};

/// Writes the indices of the maxima to `maxima`.
Layer max_pool(const Window& at, const std::shared_ptr<Tensor>& maxima = std::make_shared<Tensor>()) {
  return on_image([=](const Tensor& x) {
    const auto [y, found] = torch::max_pool2d_with_indices(x, at.kernel, at.stride, at.padding, at.dilation);
    *maxima = found;
    return y;
  });
}
Layer max_unpool(const Sizes& size, const std::shared_ptr<Tensor>& maxima) {
  return on_image([=](const Tensor& x) { return torch::max_unpool2d(x, *maxima, size); });
}
Layer average_pool(const Window& at) {
  return on_image([=](const Tensor& x) {
    return torch::avg_pool2d(x, at.kernel, at.stride, at.padding, /*ceil_mode=*/false, /*count_include_pad=*/false);
  });
}

Layer nearest(const Sizes& size) {
  return on_image([=](const Tensor& x) { return torch::upsample_nearest2d(x, size); });
}
Layer bilinear(const Sizes& size) {
  return on_image([=](const Tensor& x) { return torch::upsample_bilinear2d(x, size, /*align_corners=*/false); });
}
const Layer shuffle = on_image([](const Tensor& x) { return torch::pixel_shuffle(x, 2); });
const Layer unshuffle = on_image([](const Tensor& x) { return torch::pixel_unshuffle(x, 2); });
Layer area(const Sizes& size) {
  return on_image([=](const Tensor& x) { return torch::adaptive_avg_pool2d(x, size); });
}

struct Cases {
  Fixture fixture;

  /// A case of three images; `build(model)` gives it its layers.
  template <class Build>
  void add(const char* name, const Sizes& shape, const Build& build, Parts parts = Parts::passes,
           const OptimizerFactory& optimizer = sgd(0.005), double grain = 1. / 64) {
    ImageModel model;
    build(model);
    model.encoder.insert(model.encoder.begin(), as_image(shape));
    Training training;
    training.optimizer = optimizer;
    training.targets = normal({3, shape[0], shape[1], shape[2]}, 0, 1);
    training.inputs = torch::round(normal({3, shape[0] * shape[1] * shape[2]}, 0, 1.2) / grain) * grain;
    write_case(fixture, name, model, training, parts);
  }
};

const Window three_same{.kernel = {3, 3}, .same = true};
const Window half_same{.kernel = {3, 3}, .stride = {2, 2}, .same = true};

void add_convolutions(Cases& cases) {
  cases.add("conv", {7, 6, 2}, [](ImageModel& m) {
    const Window there{.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}};
    const Window back{.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}, .output_padding = {0, 1}};
    m.encoder = {m.conv(2, 3, there), tanh_layer};
    m.decoder = {m.conv_transpose(3, 2, back)};
  }, Parts::both);
  cases.add("conv_dilation_groups", {6, 5, 4}, [](ImageModel& m) {
    const Window window{.kernel = {3, 3}, .padding = {1, 1}, .dilation = {2, 2}, .groups = 2};
    m.encoder = {m.conv(4, 6, window), tanh_layer};
    m.decoder = {m.conv_transpose(6, 4, window)};
  });
  cases.add("conv_rectangle", {5, 6, 2}, [](ImageModel& m) {
    const Window window{.kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 0}, .dilation = {1, 2}};
    m.encoder = {m.conv(2, 3, window, false), tanh_layer};
    m.decoder = {m.conv_transpose(3, 2, window, false)};
  });
  cases.add("conv_same", {6, 4, 2}, [](ImageModel& m) {
    const Window even{.kernel = {2, 2}, .same = true};
    const Window gaps{.kernel = {2, 3}, .dilation = {3, 1}, .same = true};
    m.encoder = {m.conv(2, 3, half_same), tanh_layer, m.conv(3, 4, even)};
    m.decoder = {m.conv_transpose(4, 3, even), tanh_layer, m.conv_transpose(3, 3, half_same), tanh_layer,
                 m.conv(3, 3, gaps), tanh_layer, m.conv_transpose(3, 2, gaps)};
  });
  cases.add("conv_mirror", {6, 5, 2}, [](ImageModel& m) {
    const Window there{.kernel = {3, 3}, .stride = {2, 2}, .groups = 2};
    const Window back{.kernel = {3, 3}, .stride = {2, 2}, .output_padding = {1, 0}, .groups = 2};
    m.encoder = {m.conv(2, 4, there), tanh_layer, m.conv(4, 3, three_same)};
    m.decoder = {m.conv_transpose(3, 4, three_same), tanh_layer, m.conv_transpose(4, 2, back)};
  });
  cases.add("conv_tied", {6, 4, 2}, [](ImageModel& m) {
    m.encoder = {m.conv(2, 3, half_same), tanh_layer, m.conv(3, 4, three_same)};
    m.decoder = {conv_transpose_with(m.weights[1], m.bias(3), three_same), tanh_layer,
                 conv_transpose_with(m.weights[0], m.bias(2), half_same)};
  }, Parts::both);
}

void add_pooling(Cases& cases) {
  const auto add = [&](const char* name, const Layer& pool) {
    cases.add(name, {7, 6, 2}, [&](ImageModel& m) {
      m.encoder = {m.conv(2, 3, three_same), tanh_layer, pool};
      m.decoder = {nearest({7, 6}), tanh_layer, m.conv_transpose(3, 2, three_same)};
    });
  };
  add("max_pool", max_pool({.kernel = {2, 2}, .stride = {2, 2}}));
  add("max_pool_overlap", max_pool({.kernel = {3, 3}, .stride = {2, 2}, .padding = {1, 1}}));
  add("max_pool_dilation", max_pool({.kernel = {3, 2}, .stride = {1, 2}, .padding = {1, 0}, .dilation = {2, 3}}));
  add("average_pool", average_pool({.kernel = {2, 2}, .stride = {2, 2}}));
  add("average_pool_overlap", average_pool({.kernel = {3, 2}, .stride = {2, 1}, .padding = {1, 1}}));

  const auto maxima = std::make_shared<Tensor>();
  const Window pair{.kernel = {2, 2}, .stride = {2, 2}}, one{.kernel = {1, 1}};
  cases.add("max_unpool", {7, 6, 2}, [&](ImageModel& m) {
    m.encoder = {m.conv(2, 3, three_same), tanh_layer, max_pool(pair, maxima)};
    m.decoder = {m.conv(3, 3, one), max_unpool({7, 6}, maxima), m.conv(3, 2, three_same)};
  });

  // Even numbers times halves: many values of a window are equal, and no sum of them is rounded.
  cases.add("max_pool_ties", {4, 6, 2}, [&](ImageModel& m) {
    m.encoder = {m.conv(2, 2, one)};
    restore(m.weights, {torch::tensor({.5, -.5, .5, 1.}, torch::kFloat64).view({1, 1, 1, 2, 2})});
    m.encoder.push_back(pointwise([](const Tensor& x) {
      const Tensor image = x.permute({0, 3, 1, 2});
      const Tensor most = torch::upsample_nearest2d(torch::max_pool2d(image, {2, 2}), Sizes{4, 6});
      if ((image == most).sum().item<std::int64_t>() < image.numel() / 3) throw std::runtime_error("too few ties");
      return x;
    }));
    m.encoder.push_back(max_pool(pair, maxima));
    m.decoder = {m.conv(2, 2, one), max_unpool({4, 6}, maxima), m.conv(2, 2, three_same)};
  }, Parts::passes, sgd(0.005), 2);
}

void add_upsampling(Cases& cases) {
  const auto add = [&](const char* name, const Sizes& shape, const Layer& up) {
    cases.add(name, shape, [&](ImageModel& m) {
      m.encoder = {m.conv(2, 3, half_same), tanh_layer};
      m.decoder = {up, m.conv(3, 2, three_same)};
    });
  };
  add("upsample_nearest", {6, 4, 2}, nearest({6, 4}));
  add("upsample_bilinear", {6, 4, 2}, bilinear({6, 4}));
  add("upsample_nearest_to", {7, 5, 2}, nearest({7, 5}));
  add("upsample_bilinear_to", {7, 5, 2}, bilinear({7, 5}));

  const auto add_shrinking = [&](const char* name, const Layer& down, const Layer& up) {
    cases.add(name, {7, 5, 2}, [&](ImageModel& m) {
      m.encoder = {m.conv(2, 3, three_same), down};
      m.decoder = {up, m.conv(3, 2, three_same)};
    });
  };
  add_shrinking("shrink_bilinear", bilinear({3, 4}), bilinear({7, 5}));
  add_shrinking("shrink_area", area({3, 4}), nearest({7, 5}));
  cases.add("upsample_mirror", {3, 4, 2}, [](ImageModel& m) {
    m.encoder = {m.conv(2, 3, three_same), tanh_layer, bilinear({6, 8})};
    m.decoder = {area({3, 4}), tanh_layer, m.conv_transpose(3, 2, three_same)};
  });
}

void add_norms(Cases& cases) {
  cases.add("batch_norm", {4, 3, 2}, [](ImageModel& m) {
    m.encoder = {m.conv(2, 5, three_same, false), m.batch_norm(5, 0.3, 1e-2), tanh_layer, m.conv(5, 3, three_same)};
    m.decoder = {m.conv_transpose(3, 5, three_same), m.batch_norm(5, 0.3, 1e-2), tanh_layer,
                 m.conv_transpose(5, 2, three_same, false)};
  }, Parts::both);
  cases.add("layer_norm", {4, 3, 2}, [](ImageModel& m) {
    m.encoder = {m.conv(2, 5, three_same), m.layer_norm(5, 1e-2), tanh_layer, m.conv(5, 3, three_same)};
    m.decoder = {m.conv_transpose(3, 5, three_same), m.layer_norm(5, 1e-2), tanh_layer,
                 m.conv_transpose(5, 2, three_same)};
  });
}

void add_links(Cases& cases) {
  cases.add("residual", {4, 3, 2}, [](ImageModel& m) {
    const auto norm = [&] { return m.batch_norm(3, 0.1, 1e-5); };
    m.encoder = {m.conv(2, 3, three_same), tanh_layer};
    m.encoder.push_back(residual({m.conv(3, 3, three_same, false), norm(), tanh_layer, m.conv(3, 3, three_same)}));
    m.decoder.push_back(residual({m.conv_transpose(3, 3, three_same), norm(), tanh_layer,
                                  m.conv_transpose(3, 3, three_same, false)}));
    m.decoder.insert(m.decoder.end(), {tanh_layer, m.conv_transpose(3, 2, three_same)});
  }, Parts::both);

  const auto first = std::make_shared<Tensor>(), second = std::make_shared<Tensor>();
  const auto keep = [](const std::shared_ptr<Tensor>& kept) {
    return pointwise([=](const Tensor& x) { return *kept = x; });
  };
  cases.add("skips", {6, 4, 2}, [&](ImageModel& m) {
    m.encoder = {m.conv(2, 3, three_same), tanh_layer, keep(first), m.conv(3, 4, half_same), keep(second),
                 tanh_layer, m.conv(4, 4, three_same)};
    m.decoder = {pointwise([=](const Tensor& x) { return x + *second; }), tanh_layer,
                 m.conv_transpose(4, 2, half_same), tanh_layer,
                 pointwise([=](const Tensor& x) { return torch::cat({x, *first}, 3); }), m.conv(5, 2, three_same)};
  }, Parts::both);
}

void add_autoencoder(Cases& cases) {
  cases.add("autoencoder", {8, 8, 2}, [](ImageModel& m) {
    const auto norm = [&](std::int64_t features) { return m.batch_norm(features, 0.1, 1e-5); };
    m.encoder = {m.conv(2, 4, three_same, false), norm(4), leaky_relu, max_pool({.kernel = {2, 2}, .stride = {2, 2}}),
                 m.conv(4, 6, half_same, false), norm(6), leaky_relu, flat, m.dense(24, 5, false)};
    m.decoder = {m.mirrored(5, 24, false), as_image({2, 2, 6}), norm(6), leaky_relu,
                 m.conv_transpose(6, 4, half_same, false), nearest({8, 8}), norm(4), leaky_relu,
                 m.conv_transpose(4, 2, three_same, false)};
  }, Parts::both, optimizer<torch::optim::Adam>(torch::optim::AdamOptions(0.01)));
}

void add_pixel_shuffle(Cases& cases) {
  cases.add("pixel_shuffle", {6, 4, 2}, [](ImageModel& m) {
    m.encoder = {m.conv(2, 3, half_same), tanh_layer};
    m.decoder = {m.conv(3, 12, three_same), shuffle, tanh_layer, m.conv(3, 2, three_same)};
  }, Parts::both);
  cases.add("pixel_shuffle_mirror", {3, 4, 2}, [](ImageModel& m) {
    m.encoder = {m.conv(2, 8, three_same), tanh_layer, shuffle, m.conv(2, 3, three_same)};
    m.decoder = {m.conv_transpose(3, 2, three_same), unshuffle, tanh_layer, m.conv_transpose(8, 2, three_same)};
  });
}

}  // namespace

void write_images(Fixture fixture) {
  torch::manual_seed(3);
  Cases cases{std::move(fixture)};
  add_convolutions(cases);
  add_pooling(cases);
  add_upsampling(cases);
  add_norms(cases);
  add_links(cases);
  add_autoencoder(cases);
  add_pixel_shuffle(cases);  // last: what the others draw stays the same
}

}  // namespace golden
