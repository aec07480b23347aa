#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <eigencoder/bottleneck/codebook.hpp>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/io/safetensors.hpp>
#include <eigencoder/io/shown.hpp>
#include <eigencoder/io/state_dict.hpp>
#include <eigencoder/training/state.hpp>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

/// @file
/// The values of a model's tensors, on their way into a file and out of it.
namespace eigencoder::detail {

/// Models of other scalars have no files.
template <class Scalar>
  requires std::same_as<Scalar, float> || std::same_as<Scalar, double>
inline constexpr DType dtype_of = sizeof(Scalar) == sizeof(float) ? DType::F32 : DType::F64;

/// A tensor with its bytes.
struct OwnedTensor {
  std::string name;
  DType type = DType::F32;
  std::vector<std::uint64_t> shape;
  std::vector<std::uint8_t> bytes;
};

inline std::vector<TensorToWrite> to_write(const std::vector<OwnedTensor>& tensors) {
  std::vector<TensorToWrite> views;
  for (const OwnedTensor& t : tensors) views.push_back({t.name, t.type, t.shape, t.bytes});
  return views;
}

/// Values in the order of a file; `value(place)` gives each.
template <class Scalar, class Value>
OwnedTensor written(std::string name, std::vector<std::uint64_t> shape, std::span<const Axis> axes,
                    const Value& value) {
  std::size_t count = 1;
  for (const Axis& axis : axes) count *= static_cast<std::size_t>(axis.size);
  OwnedTensor tensor{std::move(name), dtype_of<Scalar>, std::move(shape), {}};
  tensor.bytes.resize(count * sizeof(Scalar));
  std::uint8_t* to = tensor.bytes.data();
  each_place(axes, 0, [&](Index place) {
    const Scalar one = value(place);
    std::memcpy(to, &one, sizeof(Scalar));
    to += sizeof(Scalar);
  });
  return tensor;
}

/// Calls `run(place, value)` for every value of a file's tensor.
template <class Scalar, class Run>
void each_value(std::span<const std::uint8_t> bytes, std::span<const Axis> axes, const Run& run) {
  const std::uint8_t* from = bytes.data();
  each_place(axes, 0, [&](Index place) {
    Scalar value;
    std::memcpy(&value, from, sizeof(Scalar));
    from += sizeof(Scalar);
    run(place, value);
  });
}

/// The values of a codebook, vector by vector, as they follow from its statistics.
template <class Scalar>
class CodebookValues {
 public:
  CodebookValues(const Scalar* counts, const Scalar* sums, Index codes, Index width)
      : width_(width),
        room_(codebook_room(codes, width)),
        book_(counts, sums, codes, width, room_.data()),
        vector_(width) {}

  Scalar operator()(Index place) {
    if (place / width_ != held_) book_.copy(held_ = place / width_, vector_.data());
    return vector_.data()[place % width_];
  }

 private:
  Index width_, held_ = -1;
  Buffer<Scalar> room_;
  Codebook<Scalar> book_;
  Buffer<Scalar> vector_;
};

/// The tensor of this name, which is there.
inline const StateTensor& tensor_of(const std::vector<StateTensor>& tensors, std::string_view name) {
  std::size_t i = 0;
  while (tensors[i].name != name) ++i;
  return tensors[i];
}

template <class Scalar>
CodebookValues<Scalar> codebook_of(const std::vector<StateTensor>& tensors, const Scalar* statistics) {
  const StateTensor &counts = tensor_of(tensors, "bottleneck.counts"), &sums = tensor_of(tensors, "bottleneck.sums");
  return {statistics + counts.offset, statistics + sums.offset, static_cast<Index>(sums.shape[0]),
          static_cast<Index>(sums.shape[1])};
}

/// All tensors of a model with their values. `num_batches_tracked` are the training steps since the weights were
/// drawn or loaded.
template <class Scalar>
[[gnu::cold]] std::vector<OwnedTensor> write_state(const ModelForm& form, const Resumable<Scalar>& values) {
  const std::vector<StateTensor> tensors = state_tensors(form);
  std::vector<OwnedTensor> all;
  for (const StateTensor& tensor : tensors) {
    if (tensor.source == StateTensor::Source::batches) {
      const std::int64_t steps = values.steps;
      OwnedTensor& owned = all.emplace_back(OwnedTensor{tensor.name, DType::I64, {}, {}});
      owned.bytes.resize(sizeof steps);
      std::memcpy(owned.bytes.data(), &steps, sizeof steps);
    } else if (tensor.source == StateTensor::Source::codebook) {
      auto book = codebook_of(tensors, values.statistics.data());
      all.push_back(written<Scalar>(tensor.name, tensor.shape, tensor.axes, [&](Index place) { return book(place); }));
    } else {
      const bool learned = tensor.source == StateTensor::Source::parameters;
      const Scalar* vector = (learned ? values.parameters.data() : values.statistics.data()) + tensor.offset;
      all.push_back(
          written<Scalar>(tensor.name, tensor.shape, tensor.axes, [=](Index place) { return vector[place]; }));
    }
  }
  return all;
}

/// Takes a model's tensors out of a file. Nothing of the model itself is touched.
template <class Scalar>
class StateReader {
 public:
  StateReader(const SafetensorsFile& file, const std::string& path, const ModelForm& form, bool allow_non_finite)
      : file_(file), path_(path), form_(form), tensors_(state_tensors(form)), allow_non_finite_(allow_non_finite) {}

  /// @throws FileError that names the first tensor that does not fit, or whose values do not
  [[gnu::cold]] Resumable<Scalar> read() const {
    check_tensors();
    Resumable<Scalar> values;
    values.parameters = Buffer<Scalar>(form_.layout.parameters());
    values.statistics = Buffer<Scalar>(form_.layout.statistics());
    for (const StatisticsBlock& block : form_.layout.statistics_blocks())
      std::fill_n(values.statistics.data() + block.offset, block.size, static_cast<Scalar>(block.initial));
    if (form_.loss_block >= 0)
      values.parameters.data()[form_.layout.block(form_.loss_block).offset] = static_cast<Scalar>(form_.loss_initial);
    for (const StateTensor& tensor : tensors_) {
      const TensorInfo* info = file_.find(tensor.name);
      if (!info || tensor.source == StateTensor::Source::batches) continue;
      check_finite(*info);
      if (tensor.source == StateTensor::Source::codebook) continue;
      const bool learned = tensor.source == StateTensor::Source::parameters;
      take(tensor, *info, (learned ? values.parameters.data() : values.statistics.data()) + tensor.offset);
    }
    if (form_.bottleneck == ModelForm::Bottleneck::codebook) take_codebook(values.statistics.data());
    return values;
  }

  /// The scaling in the file, if there is one.
  [[gnu::cold]] std::optional<Scaling<Scalar>> read_scaling() const {
    const TensorInfo *offset = file_.find("scaling.offset"), *scale = file_.find("scaling.scale");
    if (!offset && !scale) return std::nullopt;
    const std::vector<std::uint64_t> shape = scaling_shape(form_.input);
    Scaling<Scalar> scaling;
    for (const auto& [info, values] : {std::pair(offset, &scaling.offset), std::pair(scale, &scaling.scale)}) {
      if (!info) fail(info == offset ? "it has no tensor 'scaling.offset'" : "it has no tensor 'scaling.scale'");
      check_tensor(*info, dtype_of<Scalar>, shape);
      check_finite(*info);
      values->resize(static_cast<std::size_t>(form_.input.size()));
      each_value<Scalar>(file_.payload(*info), image_axes(form_.input, 1),
                         [&to = *values](Index place, Scalar value) { to[static_cast<std::size_t>(place)] = value; });
    }
    for (const Scalar value : scaling.scale)
      if (value == 0) fail("its tensor 'scaling.scale' holds a 0");
    return scaling;
  }

  static std::vector<std::uint64_t> scaling_shape(Shape input) {
    const auto size = [](Index n) { return static_cast<std::uint64_t>(n); };
    if (input.is_flat()) return {size(input.size())};
    return {size(input.channels), size(input.height), size(input.width)};
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { fail_file("load", path_, reason); }

  static std::string sizes(const std::vector<std::uint64_t>& shape) {
    if (shape.empty()) return "a single value";
    std::string text;
    for (const std::uint64_t size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
    return text;
  }

  void check_tensor(const TensorInfo& info, DType type, const std::vector<std::uint64_t>& shape) const {
    if (info.type != type)
      fail("its tensor " + shown(info.name) + " is " + std::string(dtype_name(info.type)) + ", the model wants " +
           std::string(dtype_name(type)) + other_precision(info.type));
    if (info.shape != shape)
      fail("its tensor " + shown(info.name) + " is " + sizes(info.shape) + ", the model wants " + sizes(shape));
  }

  /// A hint, where the file is of a model with another `Precision`.
  static std::string other_precision(DType type) {
    return type == DType::F64   ? " (a model with Precision<double> reads it)"
           : type == DType::F32 ? " (a model without Precision<double> reads it)"
                                : "";
  }

  /// Of a file without our metadata, what PyTorch would not write may be missing.
  void check_tensors() const {
    bool ours = false;
    for (const auto& [key, value] : file_.metadata) ours = ours || key == "eigencoder.architecture";
    for (const StateTensor& tensor : tensors_) {
      const TensorInfo* info = file_.find(tensor.name);
      if (info && tensor.source != StateTensor::Source::batches) check_tensor(*info, dtype_of<Scalar>, tensor.shape);
      if (!info && (ours || !may_miss(tensor)))
        fail("it has no tensor " + shown(tensor.name) + ", which the model wants (" + sizes(tensor.shape) + ")");
    }
    for (const TensorInfo& info : file_.tensors)
      if (!knows(info.name)) fail("its tensor " + shown(info.name) + " is none of the model's");
  }

  /// Of tied weights one is enough.
  bool may_miss(const StateTensor& tensor) const {
    bool other = !tensor.required || (!tensor.same.empty() && file_.find(tensor.same));
    for (const StateTensor& twin : tensors_) other = other || (twin.same == tensor.name && file_.find(twin.name));
    if (tensor.name == "bottleneck.counts" || tensor.name == "bottleneck.sums")
      other = !file_.find("bottleneck.counts") && !file_.find("bottleneck.sums");
    return other;
  }

  bool knows(const std::string& name) const {
    if (name.starts_with("training.") || name == "scaling.offset" || name == "scaling.scale") return true;
    for (const StateTensor& tensor : tensors_)
      if (tensor.name == name) return true;
    return false;
  }

  void check_finite(const TensorInfo& info) const {
    if (allow_non_finite_) return;
    const auto bytes = file_.payload(info);
    for (std::size_t i = 0; i < bytes.size(); i += sizeof(Scalar)) {
      Scalar value;
      std::memcpy(&value, bytes.data() + i, sizeof(Scalar));
      if (!std::isfinite(value))
        fail("its tensor " + shown(info.name) + " holds NaN or infinity, at value " +
             std::to_string(i / sizeof(Scalar)) + " (LoadOptions::allow_non_finite takes it)");
    }
  }

  void take(const StateTensor& tensor, const TensorInfo& info, Scalar* to) const {
    if (tensor.same.empty() || !file_.find(tensor.same))
      return each_value<Scalar>(file_.payload(info), tensor.axes,
                                [&](Index place, Scalar value) { to[place] = value; });
    bool equal = true;
    each_value<Scalar>(file_.payload(info), tensor.axes, [&](Index place, Scalar value) {
      equal = equal && std::memcmp(&value, to + place, sizeof(Scalar)) == 0;
    });
    if (!equal)
      fail("its tensors " + shown(tensor.same) + " and " + shown(tensor.name) +
           " are one weight of the model, but differ");
  }

  /// A codebook without statistics gets such as it follows from; one with them must follow from them.
  void take_codebook(Scalar* statistics) const {
    const StateTensor& tensor = tensor_of(tensors_, "bottleneck.codebook");
    Scalar* sums = statistics + tensor_of(tensors_, "bottleneck.sums").offset;
    const auto bytes = file_.payload(*file_.find(tensor.name));
    if (!file_.find("bottleneck.sums"))
      return each_value<Scalar>(bytes, tensor.axes, [&](Index place, Scalar value) { sums[place] = value; });
    auto book = codebook_of<Scalar>(tensors_, statistics);
    bool follows = true;
    each_value<Scalar>(bytes, tensor.axes, [&](Index place, Scalar value) {
      const Scalar own = book(place);
      const bool close = (std::abs)(value - own) <= Scalar(1e-5) * ((std::abs)(own) + Scalar(1e-5));
      follows = follows && (close || !std::isfinite(own));
    });
    if (!follows) fail("its tensor 'bottleneck.codebook' is not that of 'bottleneck.sums' and 'bottleneck.counts'");
  }

  const SafetensorsFile& file_;
  const std::string& path_;
  const ModelForm& form_;
  std::vector<StateTensor> tensors_;
  bool allow_non_finite_;
};

}  // namespace eigencoder::detail
