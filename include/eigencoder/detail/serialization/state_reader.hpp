#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <eigencoder/data/scaling.hpp>
#include <eigencoder/detail/files/shown_text.hpp>
#include <eigencoder/detail/safetensors/tensor_values.hpp>
#include <eigencoder/detail/serialization/state_values.hpp>
#include <eigencoder/serialization/load_options.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// @file
/// The values of a model's tensors, on their way out of a file: every tensor is checked for its name, type and shape,
/// and every value for what it means.
namespace eigencoder::detail {

/// "its tensor 'encoder.1.running_var' holds -1 at value 3, which has to be at least 0", of value i of a tensor.
[[gnu::cold]] inline std::string not_in_range(std::string_view tensor, double value, std::size_t i,
                                              const std::string& range) {
  return "its tensor " + shown(tensor) + " holds " + ValueRange::number(value) + " at value " + std::to_string(i) +
         ", which has to be " + range;
}

/// Takes a model's tensors out of a file. Nothing of the model itself is touched. All members throw FileError.
template <class Scalar>
class StateReader {
 public:
  StateReader(const SafetensorsFile& file, const std::string& path, const ModelSchema& form, const LoadOptions& options)
      : file_(file), path_(path), form_(form), tensors_(state_tensors(form)), options_(options) {}

  /// @throws FileError that names the first tensor that does not fit, or whose values do not
  [[gnu::cold]] ModelState<Scalar> read() const {
    check_tensors();
    ModelState<Scalar> values;
    values.parameters = Buffer<Scalar>(form_.layout.parameters());
    values.statistics = Buffer<Scalar>(form_.layout.statistics());
    for (const StatisticsBlock& block : form_.layout.statistics_blocks())
      std::fill_n(values.statistics.data() + block.offset, block.size, static_cast<Scalar>(block.initial));
    if (form_.loss_block >= 0)
      values.parameters.data()[form_.layout.block(form_.loss_block).offset] = static_cast<Scalar>(form_.loss_initial);
    for (const StateTensor& tensor : tensors_) {
      const TensorInfo* info = find(tensor.name);
      if (!info) continue;
      if (tensor.source == StateTensor::Source::parameters)
        take(tensor, *info, values.parameters.data() + tensor.offset);
      else if (tensor.source == StateTensor::Source::statistics)
        take(tensor, *info, values.statistics.data() + tensor.offset);
    }
    if (form_.bottleneck == ModelSchema::Bottleneck::codebook) take_codebook(values.statistics.data());
    return values;
  }

  /// The scaling in the file, if there is one.
  [[gnu::cold]] std::optional<Scaling<Scalar>> read_scaling() const {
    const TensorInfo *offset = find("scaling.offset"), *scale = find("scaling.scale");
    if (!offset && !scale) return std::nullopt;
    Scaling<Scalar> scaling;
    for (const auto& [info, values] : {std::pair(offset, &scaling.offset), std::pair(scale, &scaling.scale)}) {
      if (!info)
        fail("it has no tensor " +
             shown(options_.prefix + (info == offset ? "scaling.offset" : "scaling.scale")));
      check_tensor(*info, scaling_shape(form_.input));
      values->resize(static_cast<std::size_t>(form_.input.size()));
      each_value(*info, image_axes(form_.input, 1), [&](Index place, Scalar value, std::size_t i) {
        if (info == scale && value == 0) fail(not_in_range(info->name, 0, i, "another number than 0"));
        (*values)[static_cast<std::size_t>(place)] = value;
      });
    }
    return scaling;
  }

  /// The tensors that were converted, and their types in the file.
  [[gnu::cold]] std::vector<std::pair<std::string, std::string>> converted() const {
    std::vector<std::pair<std::string, std::string>> found;
    for (const TensorInfo& info : file_.tensors) {
      const auto named = [&](const StateTensor& t) {
        return t.source != StateTensor::Source::batches && options_.prefix + t.name == info.name;
      };
      if (info.type == dtype_of<Scalar>) continue;
      if (is_scaling(info.name) || std::any_of(tensors_.begin(), tensors_.end(), named))
        found.emplace_back(info.name, dtype_name(info.type));
    }
    return found;
  }

  /// The names of the tensors that are none of the model's.
  [[gnu::cold]] std::vector<std::string> unexpected() const {
    std::vector<std::string> names;
    for (const TensorInfo& info : file_.tensors)
      if (!knows(info.name)) names.push_back(info.name);
    return names;
  }

 private:
  [[noreturn]] void fail(const std::string& reason) const { fail_file("load", path_, reason); }

  const TensorInfo* find(const std::string& name) const { return file_.find(options_.prefix + name); }

  static std::string sizes(const std::vector<std::uint64_t>& shape) {
    if (shape.empty()) return "a single value";
    std::string text;
    for (const std::uint64_t size : shape) text += (text.empty() ? "" : "x") + std::to_string(size);
    return text;
  }

  void check_tensor(const TensorInfo& info, const std::vector<std::uint64_t>& shape) const {
    if (info.type != dtype_of<Scalar> && !(options_.convert && is_floating(info.type)))
      fail("its tensor " + shown(info.name) + " is " + std::string(dtype_name(info.type)) + ", the model wants " +
           std::string(dtype_name(dtype_of<Scalar>)) + way_out(info.type));
    if (info.shape != shape)
      fail("its tensor " + shown(info.name) + " is " + sizes(info.shape) + ", the model wants " + sizes(shape));
  }

  static std::string way_out(DType type) {
    if (!is_floating(type)) return "";
    return std::string(" (LoadOptions::convert converts it") +
           (type == DType::F64   ? ", a model with Precision<double> takes it as it is)"
            : type == DType::F32 ? ", a model without Precision<double> takes it as it is)"
                                 : ")");
  }

  void check_tensors() const {
    for (const StateTensor& tensor : tensors_) {
      const TensorInfo* info = find(tensor.name);
      if (info && tensor.source != StateTensor::Source::batches) check_tensor(*info, tensor.shape);
    }
    if (const StateTensor* missing = first_missing())
      fail("it has no tensor " + shown(options_.prefix + missing->name) + ", which the model wants (" +
           sizes(missing->shape) + ")" + other_prefix(missing->name));
    if (options_.skip_unexpected) return;
    for (const TensorInfo& info : file_.tensors)
      if (!knows(info.name))
        fail("its tensor " + shown(info.name) +
             " is none of the model's (LoadOptions::skip_unexpected passes over it)");
  }

  /// The first tensor that may not be missing, but is; null where none is.
  const StateTensor* first_missing() const {
    const bool ours = find_metadata(file_.metadata, "eigencoder.architecture") != nullptr;
    for (const StateTensor& tensor : tensors_)
      if (!find(tensor.name) && (ours || !may_miss(tensor))) return &tensor;
    return nullptr;
  }

  /// A hint, where all tensors are there with another prefix than the one that was given: that of the first tensor
  /// whose name ends like this.
  std::string other_prefix(const std::string& name) const {
    for (const TensorInfo& info : file_.tensors) {
      if (!info.name.ends_with(name)) continue;
      LoadOptions other = options_;
      other.prefix = info.name.substr(0, info.name.size() - name.size());
      if (StateReader(file_, path_, form_, other).first_missing()) break;
      return "; it has all of them with the prefix " + shown(other.prefix) + ", see LoadOptions::prefix";
    }
    return "";
  }

  /// Of a file without our metadata, what PyTorch would not write may be missing; of tied weights one is enough.
  bool may_miss(const StateTensor& tensor) const {
    bool other = !tensor.required || (!tensor.same.empty() && find(tensor.same));
    for (const StateTensor& twin : tensors_) other = other || (twin.same == tensor.name && find(twin.name));
    if (tensor.name == "bottleneck.counts" || tensor.name == "bottleneck.sums")
      other = !find("bottleneck.counts") && !find("bottleneck.sums");
    return other;
  }

  bool is_scaling(std::string_view name) const {
    return name == options_.prefix + "scaling.offset" || name == options_.prefix + "scaling.scale";
  }

  bool knows(std::string_view name) const {
    if (is_scaling(name)) return true;
    if (name.starts_with("training.") && find_metadata(file_.metadata, "training.format")) return true;  // a checkpoint
    if (!name.starts_with(options_.prefix)) return false;
    name.remove_prefix(options_.prefix.size());
    for (const StateTensor& tensor : tensors_)
      if (tensor.name == name) return true;
    return false;
  }

  /// Calls `run(place, value, i)` for every value of a tensor in turn, once it is found to be a number that the model
  /// can take.
  template <class Run>
  void each_value(const TensorInfo& info, std::span<const Axis> axes, const Run& run) const {
    const std::uint8_t* bytes = file_.payload(info).data();
    std::size_t i = 0;
    each_place(axes, 0, [&](Index place) {
      const auto value = value_at<Scalar>(info.type, bytes, i);
      if (!std::isfinite(value)) check_not_finite(info, bytes, i);
      run(place, value, i++);
    });
  }

  void check_not_finite(const TensorInfo& info, const std::uint8_t* bytes, std::size_t i) const {
    if (const auto stored = value_at<double>(info.type, bytes, i); std::isfinite(stored))
      fail(not_in_range(info.name, stored, i, "in the range of float"));
    if (!options_.allow_non_finite)
      fail("its tensor " + shown(info.name) + " holds NaN or infinity, at value " + std::to_string(i) +
           " (LoadOptions::allow_non_finite takes it)");
  }

  /// Reads a tensor to where it belongs, and checks that values are in range; those of the second of two tied weights,
  /// that they are the same.
  void take(const StateTensor& tensor, const TensorInfo& info, Scalar* to) const {
    const bool again = !tensor.same.empty() && find(tensor.same);
    const StatisticsBlock* block = tensor.source == StateTensor::Source::statistics ? &block_of(tensor) : nullptr;
    bool equal = true;
    each_value(info, tensor.axes, [&](Index place, Scalar value, std::size_t i) {
      if (block && !block->range(place).holds(value))
        fail(not_in_range(info.name, value, i, block->range(place).text()));
      if (again) equal = equal && std::memcmp(&value, to + place, sizeof(Scalar)) == 0;
      else to[place] = value;
    });
    if (!equal)
      fail("its tensors " + shown(options_.prefix + tensor.same) + " and " + shown(info.name) +
           " are one weight of the model, but differ");
  }

  const StatisticsBlock& block_of(const StateTensor& tensor) const {
    std::size_t i = 0;
    const auto& blocks = form_.layout.statistics_blocks();
    while (blocks[i].offset != tensor.offset || blocks[i].size == 0) ++i;
    return blocks[i];
  }

  /// A codebook without statistics gets such as it follows from; one with them must follow from them, as far as the
  /// rounding of the types in the file lets it.
  void take_codebook(Scalar* statistics) const {
    const StateTensor& tensor = tensor_of(tensors_, "bottleneck.codebook");
    Scalar* sums = statistics + tensor_of(tensors_, "bottleneck.sums").offset;
    const TensorInfo& info = *find(tensor.name);
    if (!find("bottleneck.sums"))
      return each_value(info, tensor.axes, [&](Index place, Scalar value, std::size_t) { sums[place] = value; });
    double rounding = 1e-5;
    for (const char* name : {"bottleneck.codebook", "bottleneck.counts", "bottleneck.sums"})
      if (const DType type = find(name)->type; type != dtype_of<Scalar>) rounding += 2 * rounding_of(type);
    auto book = codebook_of<Scalar>(tensors_, statistics);
    each_value(info, tensor.axes, [&](Index place, Scalar value, std::size_t) {
      const Scalar own = book(place);
      const bool close = (std::abs)(value - own) <= static_cast<Scalar>(rounding) * ((std::abs)(own) + Scalar(1e-5));
      if (std::isfinite(own) ? !close : !options_.allow_non_finite)
        fail("its tensor " + shown(info.name) + " is not that of " + shown(options_.prefix + "bottleneck.sums") +
             " and " + shown(options_.prefix + "bottleneck.counts"));
    });
  }

  const SafetensorsFile& file_;
  const std::string& path_;
  const ModelSchema& form_;
  std::vector<StateTensor> tensors_;
  LoadOptions options_;
};

}  // namespace eigencoder::detail
