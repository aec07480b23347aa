#pragma once

#include <cmath>
#include <string>
#include "plot_axis.hpp"

/// @file
/// What pictures as SVG text are made of.
namespace examples {

/// The text with the escapes of XML.
inline std::string xml_text(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  }
  return out;
}

/// About how wide a text is, in pixels, in the plot's font.
inline double text_width(const std::string& text, double font_size) {
  double characters = 0;
  for (const char c : text)
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80) characters += 1;  // not inside a UTF-8 sequence
  return 0.58 * font_size * characters;
}

/// The first lines of a picture of a width and a height in pixels: its font, its color of texts, and a white ground.
inline std::string svg_opening(const std::string& width, const std::string& height, const char* ink) {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + width + "\" height=\"" + height +
         "\" viewBox=\"0 0 " + width + " " + height +
         "\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"11\" fill=\"" + ink +
         "\">\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n";
}

/// A coordinate in pixels.
inline std::string svg_number(double value) { return fixed_text(value, 1); }

/// A text whose baseline begins at a place, with further attributes.
inline std::string svg_text(double x, double y, const std::string& style, const std::string& text) {
  return "<text x=\"" + svg_number(x) + "\" y=\"" + svg_number(y) + "\" " + style + ">" + xml_text(text) + "</text>\n";
}

/// The first lines of a picture with a title and, unless it is empty, a note below; wide enough for these.
inline std::string svg_with_title(double width, double height, const std::string& title, const std::string& note) {
  const double wanted = std::fmax(text_width(title, 15), text_width(note, 12)) + 28;
  std::string out = svg_opening(svg_number(std::fmax(width, wanted)), svg_number(height), "#333") +
                    svg_text(14, 26, "font-size=\"15\" font-weight=\"bold\" fill=\"#222\"", title);
  return note.empty() ? out : out + svg_text(14, 44, "font-size=\"12\"", note);
}

}  // namespace examples
