#include "training_shapes.hpp"

#include "patterns.hpp"

namespace smflow::emulator::shapes {

namespace {

Shape next_token() {
  return text(0, 8192);
}

Shape arn() {
  return text(0, 256, patterns::resource_arn);
}

Shape tags() {
  return list(structure({required("Key", text(1, 128, patterns::tag_text)),
                         required("Value", text(0, 256, patterns::tag_text))}),
              0, 50);
}

Shape sort_order() {
  return choice({"Ascending", "Descending"});
}

Shape filters() {
  return list(structure({required("Name", text(1, 255, patterns::not_empty)),
                         {"Operator", choice({"Equals", "NotEquals", "GreaterThan", "GreaterThanOrEqualTo", "LessThan",
                                              "LessThanOrEqualTo", "Contains", "Exists", "NotExists", "In"})},
                         {"Value", text(1, 1024, patterns::not_empty)}}),
              1, 20);
}

// Expressions inside expressions, `depth` levels of them.
Shape expression(int depth) {
  std::vector<Member> members{
      {"Filters", filters()}, {"NestedFilters", list(structure({}), 1, 20)}, {"Operator", choice({"And", "Or"})}};
  if (depth > 0) members.push_back({"SubExpressions", list(expression(depth - 1), 1, 20)});
  return structure(std::move(members));
}

}  // namespace

const Shape& training_job_name() {
  static const Shape shape = structure({required("TrainingJobName", text(1, 63, patterns::job_name))});
  return shape;
}

const Shape& list_training_jobs() {
  static const Shape shape =
      structure({{"NextToken", next_token()},
                 {"MaxResults", integer(1, 100)},
                 {"CreationTimeAfter", number()},
                 {"CreationTimeBefore", number()},
                 {"LastModifiedTimeAfter", number()},
                 {"LastModifiedTimeBefore", number()},
                 {"NameContains", text(0, 63, patterns::name_part)},
                 {"StatusEquals", choice({"InProgress", "Completed", "Failed", "Stopping", "Stopped", "Deleting"})},
                 {"SortBy", choice({"Name", "CreationTime", "Status"})},
                 {"SortOrder", sort_order()},
                 {"WarmPoolStatusEquals", choice({"Available", "Terminated", "Reused", "InUse"})}});
  return shape;
}

const Shape& search() {
  static const Shape shape = structure({required("Resource", text(1, 255)),
                                        {"SearchExpression", expression(3)},
                                        {"SortBy", text(1, 255, patterns::not_empty)},
                                        {"SortOrder", sort_order()},
                                        {"NextToken", next_token()},
                                        {"MaxResults", integer(1, 100)}});
  return shape;
}

const Shape& add_tags() {
  static const Shape shape = structure({required("ResourceArn", arn()), required("Tags", tags())});
  return shape;
}

const Shape& list_tags() {
  static const Shape shape =
      structure({required("ResourceArn", arn()), {"NextToken", next_token()}, {"MaxResults", integer(50)}});
  return shape;
}

const Shape& delete_tags() {
  static const Shape shape =
      structure({required("ResourceArn", arn()), required("TagKeys", list(text(1, 128, patterns::tag_text), 1, 50))});
  return shape;
}

}  // namespace smflow::emulator::shapes
