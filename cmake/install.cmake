# Installs the headers and a package: find_package(eigencoder [COMPONENTS image io]).
# image and io have files of their own, since the package offers them only where what they need is found.
include(CMakePackageConfigHelpers)
set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/eigencoder")

foreach(name IN ITEMS eigencoder eigencoder_image eigencoder_io)
  if(TARGET ${name})
    install(TARGETS ${name} EXPORT ${name} FILE_SET HEADERS)  # all are eigencoder's
    install(EXPORT ${name} FILE ${name}-targets.cmake NAMESPACE eigencoder:: DESTINATION "${package_dir}")
  endif()
endforeach()

configure_package_config_file(cmake/eigencoder-config.cmake.in
  "${CMAKE_CURRENT_BINARY_DIR}/eigencoder-config.cmake" INSTALL_DESTINATION "${package_dir}"
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/eigencoder-config-version.cmake"
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/eigencoder-config.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/eigencoder-config-version.cmake"
  cmake/Findstb.cmake
  DESTINATION "${package_dir}")
