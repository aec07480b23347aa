#pragma once

#include <type_traits>
#include <utility>

namespace eigencoder::detail {

/// Whether a type has the units of an `Rbm`.
template <class Machine>
concept HasUnits = requires(const Machine& machine) { machine.visible(), machine.hidden(); };

/// The units of a machine's sides.
///@{
template <class Machine>
using VisibleOf = std::remove_cvref_t<decltype(std::declval<const Machine&>().visible())>;
template <class Machine>
using HiddenOf = std::remove_cvref_t<decltype(std::declval<const Machine&>().hidden())>;
///@}

}  // namespace eigencoder::detail
