#pragma once

#include <eigencoder/detail/export/linear_kernels.hpp>
#include <eigencoder/detail/export/nonlinear_kernels.hpp>
#include <eigencoder/detail/export/working_memory.hpp>
#include <eigencoder/version.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace eigencoder::detail {

/// Writes an exported header from its parts.
struct HeaderWriter {
  std::string name;     ///< of the namespace
  std::string summary;  ///< of the model
  ArrayWriter arrays;
  Index input_size = 0;
  std::size_t encoder_depth = 0;
  bool decodes_alone = true;  ///< the decoder reads no layer of the encoder
  std::vector<LayerCall> layers = {};
  LayerCall bottleneck = {};  ///< applied to the code
  LayerCall mean = {};        ///< applied to the last layer's output

  Index code_size() const { return layers[encoder_depth - 1].size; }
  Index output_size() const { return layers.back().size; }
  Index working_size() const { return WorkingMemory(layers, encoder_depth).size(); }

  /// The functions `encode_layers` and `decode_layers`, which run the layers.
  std::string layer_functions() const {
    const WorkingMemory memory(layers, encoder_depth);
    return half("encode_layers", "input", "code", 0, encoder_depth, bottleneck, memory) +
           half("decode_layers", "code", "output", encoder_depth, layers.size(), mean, memory);
  }

  /// The header's text.
  std::string text() const {
    const WorkingMemory memory(layers, encoder_depth);
    const std::string calls = layer_functions();
    std::string text = introduction();
    text += "#pragma once\n\n#include <array>\n#include <cmath>\n#include <cstddef>\n\nnamespace " + name + " {\n";
    text += "\nusing Scalar = " + std::string(arrays.scalar()) + ";\n\n";
    const auto size = [&](const char* array, Index values) {
      text += "inline constexpr std::size_t " + std::string(array) + "_size = " + std::to_string(values) + ";\n";
    };
    size("input", input_size);
    size("code", code_size());
    size("output", output_size());
    size("working", memory.size());
    text += "inline constexpr std::size_t working_bytes = working_size * sizeof(Scalar);\n\n";
    text += "using Input = std::array<Scalar, input_size>;\nusing Code = std::array<Scalar, code_size>;\n"
            "using Output = std::array<Scalar, output_size>;\nusing Working = std::array<Scalar, working_size>;\n";
    text += "\nnamespace detail {\n" + kernels(calls) + "\n// What the model has learned.\n" + arrays.text();
    text += "\n// The layers, each on its line: y = layer(x), x and y last.\n" + calls + "\n}  // namespace detail\n";
    text += function("encode", "input", "code", "  detail::encode_layers(input, code, working);\n",
                     "The code of a sample.");
    if (decodes_alone)
      text += function("decode", "code", "output", "  detail::decode_layers(code, output, working);\n",
                       "The sample that a code stands for.");
    text += function("reconstruct", "input", "output",
                     "  Scalar* const code = " + memory.code() +
                         ";\n  detail::encode_layers(input, code, working);\n"
                         "  detail::decode_layers(code, output, working);\n",
                     "A sample's reconstruction.");
    return text + "\n}  // namespace " + name + "\n";
  }

  /// The comment at the top of a header: what it holds, "A trained autoencoder", and its summary.
  static std::string opening(const char* what, std::string_view summary) {
    std::string text = "// " + std::string(what) + ", written by Eigencoder " + std::string(version) +
                       ". It needs C++17 and the standard library,\n// neither a heap nor exceptions nor files.\n//\n";
    for (std::size_t first = 0; first < summary.size();) {
      const std::size_t end = (std::min)(summary.find('\n', first), summary.size());
      const std::string_view line = summary.substr(first, end - first);
      text.append("// ").append(line.substr(0, line.find_last_not_of(' ') + 1)).append("\n");
      first = end + 1;
    }
    return text;
  }

  /// The sources of the kernels that the layers call, and of those that these need.
  static std::string kernels(const std::string& calls) {
    std::string needed, text;
    const auto collect = [&](const auto& table) {
      std::string chosen;
      for (std::size_t i = std::size(table); i-- > 0;) {  // backwards: a kernel comes after those that it needs
        const std::string kernel(table[i].name);
        bool used = needed.find(" " + kernel + " ") != needed.npos;
        for (const std::string& call : {"  " + kernel + "(", "  " + kernel + "<", "<" + kernel + ">"})
          used = used || calls.find(call) != calls.npos;
        if (!used) continue;
        needed += table[i].needs;
        chosen.insert(0, table[i].source);
      }
      text.insert(0, chosen);
    };
    collect(nonlinear_kernels);
    collect(linear_kernels);
    return text;
  }

 private:
  /// The comment at the top: what the header holds, and how to use it.
  std::string introduction() const {
    std::string text = opening("A trained autoencoder", summary);
    text += "//\n// " + name + "::Input input = {...};  // " + std::to_string(input_size) +
            " values, channel fastest, then column, then row\n";
    const auto add_usage = [&](const char* call, const char* type, const char* result) {
      text += "// " + name + "::" + type + " " + result + ";\n// " + name + "::" + call + ";\n";
    };
    add_usage("encode(input, code)", "Code", "code");
    add_usage("reconstruct(input, output)", "Output", "output");
    text += decodes_alone ? "// " + name + "::decode(code, output);\n"
                          : "// There is no decode: the decoder reads layers of the encoder.\n";
    return text +
           "//\n// All functions are noexcept and may run at once in several threads. Their working memory, " + name +
           "::working_bytes,\n// lies on the stack or, with pointers to input_size, code_size, output_size and"
           " working_size values, is the caller's:\n// " +
           name + "::reconstruct(input, output, working). None of these may overlap."
           " Build with -O3, so that loops are vectorized.\n";
  }

  /// A public function in two forms: on the caller's working memory, and on the stack.
  static std::string function(const std::string& name, const std::string& from, const std::string& to,
                              const std::string& body, const char* comment) {
    const auto type = [](std::string array) { return array[0] = static_cast<char>(array[0] - 'a' + 'A'), array; };
    return "\n// " + std::string(comment) + "\ninline void " + name + "(const Scalar* " + from + ", Scalar* " + to +
           ", Scalar* working) noexcept {\n" + body + "}\ninline void " + name + "(const " + type(from) + "& " +
           from + ", " + type(to) + "& " + to + ") noexcept {\n  Working working;\n  " + name + "(" + from +
           ".data(), " + to + ".data(), working.data());\n}\n";
  }

  /// A function that runs layers first, ..., last - 1, then `end` in place.
  std::string half(const char* function, const std::string& from, const std::string& to, std::size_t first,
                   std::size_t last, const LayerCall& end, const WorkingMemory& memory) const {
    std::string text = "\ninline void " + std::string(function) + "(const Scalar* " + from + ", Scalar* " + to +
                       ", [[maybe_unused]] Scalar* working) noexcept {\n";
    for (std::size_t i = first; i < last; ++i) {
      const LayerCall& layer = layers[i];
      const std::string x = memory.input(i), y = memory.output(i), extra = memory.extra_argument(i);
      text += "  // " + std::to_string(i) + " " + layer.name + "\n";
      if (!layer.kernel.empty())
        text += "  " + layer.kernel + "(" + layer.arguments + (extra.empty() ? "" : ", " + extra) + ", " + x +
                ", " + y + ");\n";
      else if (x != y)
        text += "  copy(" + std::to_string(layer.size) + ", " + x + ", " + y + ");\n";
    }
    if (!end.kernel.empty())
      text += "  // " + end.name + "\n  " + end.kernel + "(" + end.arguments + ", " + to + ", " + to + ");\n";
    return text + "}\n";
  }
};

}  // namespace eigencoder::detail
