#pragma once

#include <eigencoder/detail/export/linear_text.hpp>
#include <eigencoder/detail/export/memory.hpp>
#include <eigencoder/detail/export/nonlinear_text.hpp>
#include <eigencoder/version.hpp>

namespace eigencoder::detail {

/// All that a written header is made of.
struct Document {
  std::string name;       ///< of its namespace
  std::string summary;    ///< of the model
  Sheet sheet;
  Index input_size = 0;
  std::size_t encoder_depth = 0;
  bool decodes_alone = true;
  std::vector<Step> steps = {};
  Step bottleneck = {};   ///< what becomes of the code
  Step mean = {};         ///< and of what leaves the last layer

  std::string text() const {
    const Memory memory(steps, encoder_depth);
    const std::string layers = half("encode_layers", "input", "code", 0, encoder_depth, bottleneck, memory) +
                               half("decode_layers", "code", "output", encoder_depth, steps.size(), mean, memory);
    std::string text = introduction();
    text += "#pragma once\n\n#include <array>\n#include <cmath>\n#include <cstddef>\n\nnamespace " + name + " {\n";
    text += "\nusing Scalar = " + std::string(sheet.scalar()) + ";\n\n";
    const auto size = [&](const char* of, Index values) {
      text += "inline constexpr std::size_t " + std::string(of) + "_size = " + std::to_string(values) + ";\n";
    };
    size("input", input_size);
    size("code", steps[encoder_depth - 1].size);
    size("output", steps.back().size);
    size("working", memory.size());
    text += "inline constexpr std::size_t working_bytes = working_size * sizeof(Scalar);\n\n";
    text += "using Input = std::array<Scalar, input_size>;\nusing Code = std::array<Scalar, code_size>;\n"
            "using Output = std::array<Scalar, output_size>;\nusing Working = std::array<Scalar, working_size>;\n";
    text += "\nnamespace detail {\n" + kernels(layers) + "\n// What the model has learned.\n" + sheet.arrays();
    text += "\n// The layers, each on its line: y = layer(x), x and y last.\n" + layers + "\n}  // namespace detail\n";
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

 private:
  std::string introduction() const {
    std::string text = "// A trained autoencoder, written by Eigencoder " + std::string(version) +
                       ". It needs C++17 and the standard library,\n// neither a heap nor exceptions nor files.\n//\n";
    for (std::size_t first = 0; first < summary.size();) {
      const std::size_t end = (std::min)(summary.find('\n', first), summary.size());
      const std::string line = summary.substr(first, end - first);
      text += "// " + line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
      first = end + 1;
    }
    text += "//\n// " + name + "::Input input = {...};  // " + std::to_string(input_size) +
            " values, channel fastest, then column, then row\n";
    const auto use = [&](const char* call, const char* type, const char* result) {
      text += "// " + name + "::" + type + " " + result + ";\n// " + name + "::" + call + ";\n";
    };
    use("encode(input, code)", "Code", "code");
    use("reconstruct(input, output)", "Output", "output");
    text += decodes_alone ? "// " + name + "::decode(code, output);\n"
                          : "// There is no decode: the decoder reads layers of the encoder.\n";
    return text +
           "//\n// All functions are noexcept and may run at once in several threads. Their working memory, " + name +
           "::working_bytes,\n// lies on the stack or, with pointers to input_size, code_size, output_size and"
           " working_size values, is the caller's:\n// " +
           name + "::reconstruct(input, output, working). None of these may overlap."
           " Build with -O3, so that loops are vectorized.\n";
  }

  /// A public function, with working memory of the caller's and with its own.
  static std::string function(const std::string& name, const std::string& from, const std::string& to,
                              const std::string& body, const char* comment) {
    const auto array = [](std::string of) { return of[0] = static_cast<char>(of[0] - 'a' + 'A'), of; };
    return "\n// " + std::string(comment) + "\ninline void " + name + "(const Scalar* " + from + ", Scalar* " + to +
           ", Scalar* working) noexcept {\n" + body + "}\ninline void " + name + "(const " + array(from) + "& " +
           from + ", " + array(to) + "& " + to + ") noexcept {\n  Working working;\n  " + name + "(" + from +
           ".data(), " + to + ".data(), working.data());\n}\n";
  }

  /// A function that runs layers first, ..., last - 1, and what ends them.
  std::string half(const char* function, const std::string& from, const std::string& to, std::size_t first,
                   std::size_t last, const Step& end, const Memory& memory) const {
    std::string text = "\ninline void " + std::string(function) + "(const Scalar* " + from + ", Scalar* " + to +
                       ", [[maybe_unused]] Scalar* working) noexcept {\n";
    for (std::size_t i = first; i < last; ++i) {
      const Step& step = steps[i];
      const std::string x = memory.into(i), y = memory.out_of(i), besides = memory.besides(i);
      text += "  // " + std::to_string(i) + " " + step.name + "\n";
      if (!step.kernel.empty())
        text += "  " + step.kernel + "(" + step.arguments + (besides.empty() ? "" : ", " + besides) + ", " + x +
                ", " + y + ");\n";
      else if (x != y)
        text += "  copy(" + std::to_string(step.size) + ", " + x + ", " + y + ");\n";
    }
    if (!end.kernel.empty())
      text += "  // " + end.name + "\n  " + end.kernel + "(" + end.arguments + ", " + to + ", " + to + ");\n";
    return text + "}\n";
  }

  /// Those kernels that the layers call, and what these need.
  static std::string kernels(const std::string& layers) {
    std::string used, text;
    const auto collect = [&](const auto& table) {
      std::string chosen;
      for (std::size_t i = std::size(table); i-- > 0;) {  // what is needed stands in front
        const std::string named(table[i].name);
        bool called = used.find(" " + named + " ") != used.npos;
        for (const std::string& call : {"  " + named + "(", "  " + named + "<", "<" + named + ">"})
          called = called || layers.find(call) != layers.npos;
        if (!called) continue;
        used += table[i].needs;
        chosen.insert(0, table[i].text);
      }
      text.insert(0, chosen);
    };
    collect(nonlinear_texts);
    collect(linear_texts);
    return text;
  }
};

}  // namespace eigencoder::detail
