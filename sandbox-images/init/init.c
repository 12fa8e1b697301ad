/*
 * PID 1 of every sandbox (docs/sandbox-protocol.md).
 *
 * Started by the container engine as `/init /var/lang/bin/node …`, with nothing but the socket /run/fn/fn.sock to
 * talk to. It connects three times (control, channel, log), starts the language runtime with the channel as fd 3
 * and the log as fd 1 and 2, and then waits for one of three things:
 *
 *   the platform is gone (end of file on control)  → kill everything, exit 0
 *   the platform warns (a WARN frame on control)    → SIGTERM to the runtime
 *   the runtime has ended                           → kill everything, write one EXIT frame, exit with its status
 *
 * What must not be broken: function code runs under the same user id. It must never get hold of control, and must
 * not be able to stop, trace or look into this process. Being PID 1 makes every signal from inside harmless (no
 * handler is ever installed), being undumpable gives /proc/1 to root, and every descriptor is close-on-exec.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#define SOCKET_PATH "/run/fn/fn.sock"

enum {
  CHANNEL_FD = 3,           /* where the runtime expects the channel */
  FIRST_UNUSED_FD = 4,      /* everything from here on is closed in the runtime */
  PARKED_FD = 10,           /* our own sockets are kept above the numbers the runtime is given */
  FRAME_HEADER = 16,        /* bytes; its fifth is the type */
  FRAME_WARN = 0x03,
  FRAME_EXIT = 0x91,
  SIGNALLED = 256,          /* added to the signal's number in an EXIT frame */
  CANNOT_START = 125,       /* our own exit status when there is no runtime to speak of */
  CANNOT_EXECUTE = 127,
};

static _Noreturn void die(const char *what) {
  dprintf(STDERR_FILENO, "init: %s: %s\n", what, strerror(errno));
  _exit(CANNOT_START);
}

/* Connects to the platform and parks the connection above the descriptors that the runtime will be given. */
static int dial(const char *name) {
  struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = SOCKET_PATH};
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) die(name);
  int parked = fcntl(fd, F_DUPFD_CLOEXEC, PARKED_FD);
  if (parked < 0) die(name);
  close(fd);
  return parked;
}

/* Replaces this (forked) process by the language runtime, which inherits fds 0 to 3 and nothing else. */
static _Noreturn void become_runtime(char *const argv[], int channel, int log) {
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  setsid();

  int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (null < 0 || dup2(null, STDIN_FILENO) < 0) die("/dev/null");
  if (dup2(log, STDOUT_FILENO) < 0 || dup2(log, STDERR_FILENO) < 0) die("log");
  if (dup2(channel, CHANNEL_FD) < 0) die("channel");
  if (close_range(FIRST_UNUSED_FD, INT_MAX, CLOSE_RANGE_CLOEXEC) < 0) die("close_range");

  execv(argv[0], argv);
  dprintf(STDERR_FILENO, "init: cannot execute %s: %s\n", argv[0], strerror(errno));
  _exit(CANNOT_EXECUTE);
}

/* Kills every other process of the sandbox and waits until each is gone: nothing is written to the log after it. */
static void kill_everything(void) {
  kill(-1, SIGKILL);
  while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) {
  }
}

/* Collects every child that has ended. True when the runtime was among them; `status` is then its wait status. */
static bool reap(pid_t runtime, int *status) {
  bool ended = false;
  int child_status;
  for (pid_t pid; (pid = waitpid(-1, &child_status, WNOHANG)) > 0;) {
    if (pid != runtime) continue;
    ended = true;
    *status = child_status;
  }
  return ended;
}

static void report_exit(int control, uint32_t code) {
  const uint8_t frame[20] = {
      [3] = 4, /* body length, big-endian */
      [4] = FRAME_EXIT,
      [16] = code >> 24 & 0xff, code >> 16 & 0xff, code >> 8 & 0xff, code & 0xff,
  };
  send(control, frame, sizeof frame, MSG_NOSIGNAL);
}

static _Noreturn void runtime_ended(int control, int status) {
  kill_everything();
  if (WIFSIGNALED(status)) {
    report_exit(control, (uint32_t)(SIGNALLED + WTERMSIG(status)));
    _exit(128 + WTERMSIG(status));
  }
  report_exit(control, (uint32_t)WEXITSTATUS(status));
  _exit(WEXITSTATUS(status));
}

static _Noreturn void platform_gone(void) {
  kill_everything();
  _exit(EXIT_SUCCESS);
}

/*
 * Reads what the platform says on control: frames without a body, of which WARN is the only one so far. True when the
 * connection has ended.
 */
static bool has_ended(int control, pid_t runtime) {
  static uint8_t frame[FRAME_HEADER];
  static size_t filled;
  ssize_t n = recv(control, frame + filled, sizeof frame - filled, MSG_DONTWAIT);
  if (n <= 0) return n == 0 || (errno != EAGAIN && errno != EINTR);
  filled += (size_t)n;
  if (filled == sizeof frame) {
    filled = 0;
    if (frame[4] == FRAME_WARN) kill(runtime, SIGTERM);
  }
  return false;
}

static _Noreturn void supervise(pid_t runtime, int control, int children) {
  struct pollfd events[] = {{.fd = control, .events = POLLIN}, {.fd = children, .events = POLLIN}};
  for (;;) {
    if (poll(events, 2, -1) < 0 && errno != EINTR) die("poll");
    if (events[1].revents) {
      struct signalfd_siginfo ignored;
      int status;
      (void)!read(children, &ignored, sizeof ignored);
      if (reap(runtime, &status)) runtime_ended(control, status);
    }
    if (events[0].revents && has_ended(control, runtime)) platform_gone();
  }
}

int main(int argc, char *argv[]) {
  if (getpid() != 1) {
    fputs("init: only runs as PID 1 of a sandbox: it kills every process it can see\n", stderr);
    return CANNOT_START;
  }
  if (argc < 2) {
    fputs("usage: init RUNTIME [ARGUMENT…]\n", stderr);
    return CANNOT_START;
  }
  if (prctl(PR_SET_DUMPABLE, 0) < 0) die("prctl");

  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  if (sigprocmask(SIG_BLOCK, &child, NULL) < 0) die("sigprocmask");
  int children = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
  if (children < 0) die("signalfd");

  int control = dial("control");
  int channel = dial("channel");
  int log = dial("log");

  pid_t runtime = fork();
  if (runtime < 0) die("fork");
  if (runtime == 0) become_runtime(argv + 1, channel, log);
  close(channel);
  close(log);
  supervise(runtime, control, children);
}
