#pragma once

#include "shape.hpp"

// What the SageMaker operations take, after the API reference of 2017-07-24 and, where a newer model allows more, that.
namespace smflow::emulator::shapes {

const Shape& create_training_job();
const Shape& training_job_name();  // Describe and Stop
const Shape& list_training_jobs();
const Shape& search();
const Shape& add_tags();
const Shape& list_tags();
const Shape& delete_tags();

}  // namespace smflow::emulator::shapes
