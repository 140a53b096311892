#include "engine/threads.h"

namespace drydock::engine {

namespace {

extern "C" void* run_body(void* body) {
  (*static_cast<std::function<void()>*>(body))();
  return nullptr;
}

}  // namespace

bool Threads::start(std::function<void()> body) {
  Thread& thread = threads_.emplace_back();
  thread.body = std::move(body);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStackBytes);
  const int status = pthread_create(&thread.handle, &attributes, run_body, &thread.body);
  pthread_attr_destroy(&attributes);
  if (status != 0) threads_.pop_back();
  return status == 0;
}

void Threads::join() {
  for (Thread& thread : threads_) pthread_join(thread.handle, nullptr);
  threads_.clear();
}

}  // namespace drydock::engine
