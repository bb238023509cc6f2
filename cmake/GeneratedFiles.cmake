# Templates, schemas and the reference are generated from the declared options and committed, so that people read them
# without building anything. A test fails when they drift.
if(TARGET smflow AND TARGET gan_training)
  add_custom_target(
    generated_files
    COMMAND ${CMAKE_SOURCE_DIR}/tools/generated_files.sh $<TARGET_FILE:smflow> ${CMAKE_SOURCE_DIR}
    DEPENDS smflow gan_training
    COMMENT "writing configs/defaults and docs/reference"
    VERBATIM)
endif()
