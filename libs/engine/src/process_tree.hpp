#pragma once

namespace smflow::engine {

// Kills every descendant of the calling process and waits for them; also those that made themselves a session of their
// own, provided the caller is their subreaper (PR_SET_CHILD_SUBREAPER). Used where no process namespace does it.
void kill_descendants();

}  // namespace smflow::engine
