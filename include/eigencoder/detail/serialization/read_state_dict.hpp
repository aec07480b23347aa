#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/detail/files/file.hpp>
#include <eigencoder/detail/serialization/model_contents.hpp>
#include <eigencoder/serialization/options.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// Reads a model's state dict and a scaling from a file. The name, type and shape of each tensor are checked, and the
/// range of each value.
namespace eigencoder::detail {

/// "its tensor 'encoder.1.running_var' holds -1 at value 3, which must be at least 0".
[[gnu::cold]] inline std::string out_of_range(std::string_view tensor, double value, std::size_t i,
                                              const std::string& range) {
  return "its tensor " + shown(tensor) + " holds " + ValueRange::number(value) + " at value " + std::to_string(i) +
         ", which must be " + range;
}

/// "3x4x4", or "a single value".
inline std::string shape_text(const std::vector<std::uint64_t>& shape) {
  if (shape.empty()) return "a single value";
  std::string text;
  for (const std::uint64_t size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
  return text;
}

/// Reads a model's tensors from a file, without touching the model.
template <class Scalar>
class StateDictReader {
 public:
  StateDictReader(const SafetensorsFile& file, const std::string& path, const ModelSchema& schema,
                  const LoadOptions& options)
      : StateDictReader(file, path, schema, options, state_tensors(schema)) {}
  /// Reads these tensors of the model alone.
  StateDictReader(const SafetensorsFile& file, const std::string& path, const ModelSchema& schema,
                  const LoadOptions& options, std::vector<StateTensor> tensors)
      : file_(file), path_(path), schema_(schema), tensors_(std::move(tensors)), options_(options) {}

  /// The model's parameters and statistics. Those that a file from PyTorch lacks have their initial values.
  /// @throws FileError naming the first tensor that does not fit the model, or holds a value that it cannot have
  [[gnu::cold]] ModelState<Scalar> read() const {
    require_tensors();
    ModelState<Scalar> values;
    values.parameters = Buffer<Scalar>(schema_.layout.parameters());
    values.statistics = Buffer<Scalar>(schema_.layout.statistics());
    for (const StatisticsBlock& block : schema_.layout.statistics_blocks())
      std::fill_n(values.statistics.data() + block.offset, block.size, static_cast<Scalar>(block.initial));
    if (schema_.loss_block >= 0)
      std::transform(schema_.loss_initial.begin(), schema_.loss_initial.end(),
                     values.parameters.data() + schema_.layout.block(schema_.loss_block).offset,
                     [](double value) { return static_cast<Scalar>(value); });
    for (const StateTensor& tensor : tensors_) {
      const TensorInfo* info = find(tensor.name);
      if (!info) continue;
      if (tensor.source == StateTensor::Source::parameters)
        read_tensor(tensor, *info, values.parameters.data() + tensor.offset);
      else if (tensor.source == StateTensor::Source::statistics)
        read_tensor(tensor, *info, values.statistics.data() + tensor.offset);
    }
    if (schema_.bottleneck == ModelSchema::Bottleneck::codebook) read_codebook(values.statistics.data());
    return values;
  }

  /// The file's scaling, if it has one. @throws FileError for one that does not fit the model
  [[gnu::cold]] std::optional<Scaling<Scalar>> read_scaling() const {
    const TensorInfo *offset = find("scaling.offset"), *scale = find("scaling.scale");
    if (!offset && !scale) return std::nullopt;
    Scaling<Scalar> scaling;
    for (const auto& [info, values] : {std::pair(offset, &scaling.offset), std::pair(scale, &scaling.scale)}) {
      if (!info)
        fail("it has no tensor " + shown(options_.prefix + (info == offset ? "scaling.offset" : "scaling.scale")));
      require_fit(*info, scaling_shape(schema_.input));
      values->resize(static_cast<std::size_t>(schema_.input.size()));
      for_each_value(*info, image_axes(schema_.input, 1), [&](Index index, Scalar value, std::size_t i) {
        if (info == scale && value == 0) fail(out_of_range(info->name, 0, i, "another number than 0"));
        (*values)[static_cast<std::size_t>(index)] = value;
      });
    }
    return scaling;
  }

  /// The names of tensors whose values are converted, with their types in the file.
  [[gnu::cold]] std::vector<std::pair<std::string, std::string>> converted() const {
    std::vector<std::pair<std::string, std::string>> names_and_types;
    for (const TensorInfo& info : file_.tensors) {
      const auto has_values = [&](const StateTensor& t) {
        return t.source != StateTensor::Source::step_count && options_.prefix + t.name == info.name;
      };
      if (info.type == dtype_of<Scalar>) continue;
      if (is_scaling(info.name) || std::any_of(tensors_.begin(), tensors_.end(), has_values))
        names_and_types.emplace_back(info.name, dtype_name(info.type));
    }
    return names_and_types;
  }

  /// The names of the file's tensors that do not belong to the model.
  [[gnu::cold]] std::vector<std::string> unexpected() const {
    std::vector<std::string> names;
    for (const TensorInfo& info : file_.tensors)
      if (!is_expected(info.name)) names.push_back(info.name);
    return names;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { fail_file("load", path_, reason); }

  const TensorInfo* find(const std::string& name) const { return file_.find(options_.prefix + name); }

  /// @throws FileError unless a tensor has this shape and a type that the options accept.
  void require_fit(const TensorInfo& info, const std::vector<std::uint64_t>& shape) const {
    if (info.type != dtype_of<Scalar> && !(options_.convert && is_floating(info.type)))
      fail("its tensor " + shown(info.name) + " is " + std::string(dtype_name(info.type)) + ", the model has " +
           std::string(dtype_name(dtype_of<Scalar>)) + hint_for(info.type));
    if (info.shape != shape)
      fail("its tensor " + shown(info.name) + " is " + shape_text(info.shape) + ", the model has " +
           shape_text(shape));
  }

  /// How a tensor of another floating-point type can be loaded.
  static std::string hint_for(DType type) {
    if (!is_floating(type)) return "";
    return std::string(" (LoadOptions::convert converts it") +
           (type == DType::F64   ? ", a model with Precision<double> reads it unconverted)"
            : type == DType::F32 ? ", a model without Precision<double> reads it unconverted)"
                                 : ")");
  }

  void require_tensors() const {
    for (const StateTensor& tensor : tensors_) {
      const TensorInfo* info = find(tensor.name);
      if (info && tensor.source != StateTensor::Source::step_count) require_fit(*info, tensor.shape);
    }
    if (const StateTensor* missing = first_missing())
      fail("it has no tensor " + shown(options_.prefix + missing->name) + ", which the model needs (" +
           shape_text(missing->shape) + ")" + other_prefix(missing->name));
    if (options_.skip_unexpected) return;
    for (const TensorInfo& info : file_.tensors)
      if (!is_expected(info.name))
        fail("its tensor " + shown(info.name) +
             " is not one of the model's (LoadOptions::skip_unexpected ignores it)");
  }

  /// The first missing tensor of those that a file must have; null if there is none.
  const StateTensor* first_missing() const {
    const bool is_own_file = is_library_file(file_.metadata);
    for (const StateTensor& tensor : tensors_)
      if (!find(tensor.name) && (is_own_file || !may_be_missing(tensor))) return &tensor;
    return nullptr;
  }

  /// A hint if all tensors are there with another prefix than the options': that of the first tensor whose name ends
  /// in `name`.
  std::string other_prefix(const std::string& name) const {
    for (const TensorInfo& info : file_.tensors) {
      if (!info.name.ends_with(name)) continue;
      LoadOptions other = options_;
      other.prefix = info.name.substr(0, info.name.size() - name.size());
      if (StateDictReader(file_, path_, schema_, other).first_missing()) break;
      return "; it has all of them with the prefix " + shown(other.prefix) + ", see LoadOptions::prefix";
    }
    return "";
  }

  /// A file of another program may lack what PyTorch does not write, and one of two tied weights.
  bool may_be_missing(const StateTensor& tensor) const {
    if (tensor.name == "bottleneck.counts" || tensor.name == "bottleneck.sums")
      return !find("bottleneck.counts") && !find("bottleneck.sums");
    if (!tensor.required || (!tensor.tied_to.empty() && find(tensor.tied_to))) return true;
    return std::any_of(tensors_.begin(), tensors_.end(), [&](const StateTensor& other) {
      return other.tied_to == tensor.name && find(other.name);
    });
  }

  bool is_scaling(std::string_view name) const {
    return name == options_.prefix + "scaling.offset" || name == options_.prefix + "scaling.scale";
  }

  bool is_expected(std::string_view name) const {
    if (is_scaling(name)) return true;
    if (name.starts_with("training.") && find_metadata(file_.metadata, "training.format")) return true;  // a checkpoint
    if (!name.starts_with(options_.prefix)) return is_detector_file(file_.metadata);
    name.remove_prefix(options_.prefix.size());
    for (const StateTensor& tensor : tensors_)
      if (tensor.name == name) return true;
    return false;
  }

  /// Calls `run(index, value, i)` for value i of a tensor, with its index in the model, in the file's order.
  /// @throws FileError for a value that is not finite, unless the options allow it
  template <class Run>
  void for_each_value(const TensorInfo& info, std::span<const Axis> axes, const Run& run) const {
    const std::uint8_t* bytes = file_.payload(info).data();
    std::size_t i = 0;
    for_each_index(axes, 0, [&](Index index) {
      const auto value = value_at<Scalar>(info.type, bytes, i);
      if (!std::isfinite(value)) require_non_finite_allowed(info, bytes, i);
      run(index, value, i++);
    });
  }

  void require_non_finite_allowed(const TensorInfo& info, const std::uint8_t* bytes, std::size_t i) const {
    if (const auto stored = value_at<double>(info.type, bytes, i); std::isfinite(stored))
      fail(out_of_range(info.name, stored, i, "in the range of float"));
    if (!options_.allow_non_finite)
      fail("its tensor " + shown(info.name) + " holds NaN or infinity, at value " + std::to_string(i) +
           " (LoadOptions::allow_non_finite allows it)");
  }

  /// Reads a tensor into the model's values. @throws FileError for a statistic out of its range, and for the second of
  /// two tied weights if they differ
  void read_tensor(const StateTensor& tensor, const TensorInfo& info, Scalar* to) const {
    const bool is_copy = !tensor.tied_to.empty() && find(tensor.tied_to);
    const StatisticsBlock* block = tensor.source == StateTensor::Source::statistics ? &block_of(tensor) : nullptr;
    bool equal = true;
    for_each_value(info, tensor.axes, [&](Index index, Scalar value, std::size_t i) {
      if (block && !block->range(index).contains(value))
        fail(out_of_range(info.name, value, i, block->range(index).text()));
      if (is_copy) equal = equal && std::memcmp(&value, to + index, sizeof(Scalar)) == 0;
      else to[index] = value;
    });
    if (!equal)
      fail("its tensors " + shown(options_.prefix + tensor.tied_to) + " and " + shown(info.name) +
           " are one weight of the model, but differ");
  }

  const StatisticsBlock& block_of(const StateTensor& tensor) const {
    std::size_t i = 0;
    const auto& blocks = schema_.layout.statistics_blocks();
    while (blocks[i].offset != tensor.offset || blocks[i].size == 0) ++i;
    return blocks[i];
  }

  /// A codebook without statistics becomes their sums, with counts of one. With statistics, it must be what they give,
  /// but for the rounding of the file's types.
  void read_codebook(Scalar* statistics) const {
    const StateTensor& tensor = tensor_named(tensors_, "bottleneck.codebook");
    Scalar* sums = statistics + tensor_named(tensors_, "bottleneck.sums").offset;
    const TensorInfo& info = *find(tensor.name);
    if (!find("bottleneck.sums"))
      return for_each_value(info, tensor.axes, [&](Index index, Scalar value, std::size_t) { sums[index] = value; });
    double tolerance = 1e-5;
    for (const char* name : {"bottleneck.codebook", "bottleneck.counts", "bottleneck.sums"})
      if (const DType type = find(name)->type; type != dtype_of<Scalar>) tolerance += 2 * rounding_error(type);
    const ModelCodebook<Scalar> codebook(schema_.layout, statistics);
    for_each_value(info, tensor.axes, [&](Index index, Scalar value, std::size_t) {
      const Scalar computed = codebook.value(index);
      const bool close =
          (std::abs)(value - computed) <= static_cast<Scalar>(tolerance) * ((std::abs)(computed) + Scalar(1e-5));
      if (std::isfinite(computed) ? !close : !options_.allow_non_finite)
        fail("its tensor " + shown(info.name) + " is not that of " + shown(options_.prefix + "bottleneck.sums") +
             " and " + shown(options_.prefix + "bottleneck.counts"));
    });
  }

  const SafetensorsFile& file_;
  const std::string& path_;
  const ModelSchema& schema_;
  std::vector<StateTensor> tensors_;
  LoadOptions options_;
};

/// Copies parameters and statistics into a model of the same sizes. This cannot fail, and the model's arrays stay where
/// they are in memory.
template <class Scalar>
void assign_values(ModelState<Scalar>& model, const ModelState<Scalar>& values) {
  model.parameters = values.parameters;
  model.statistics = values.statistics;
}

}  // namespace eigencoder::detail
