/*
 * Misbehaves, from inside a sandbox, in one way at a time. Like the probe a static binary among the files of a code bundle, started by
 * a handler: `bomb WAY [ARGUMENT]`. Prints what it got, as `name=value` words on one line.
 *
 *   fork            as many children as the limit allows            children=N errno=E
 *   mem MB          touches that much memory                        (killed, or) touched=MB
 *   memchild MB     the same in a child; tells how it ended         signal=N
 *   disk DIR        fills it with one file                          bytes=N errno=E
 *   inode DIR       fills it with empty files                       files=N errno=E
 *   log MB          that much text on stdout
 *   fd              as many open files as the limit allows          opened=N errno=E
 *   spin            uses the processor for ever
 *   stubborn        ignores every signal, as do its setsid children
 *   daemon FILE     leaves a child behind that counts into FILE
 *   garbage         every byte value, broken UTF-8, escape codes, a line without an end, forged report lines
 *   exit N / segv   ends
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MEGABYTE = 1 << 20, STUBBORN_CHILDREN = 3 };

static const char *error_name(void) { return errno ? strerrorname_np(errno) : "0"; }

static int fork_bomb(void) {
  int children = 0;
  setpgid(0, 0);
  for (;;) {
    errno = 0;
    pid_t pid = fork();
    if (pid == 0) {
      pause();
      _exit(0);
    }
    if (pid < 0) break;
    children++;
  }
  printf("children=%d errno=%s\n", children, error_name());
  fflush(stdout);
  signal(SIGTERM, SIG_IGN);
  kill(0, SIGTERM);
  return 0;
}

static int memory_bomb(long megabytes) {
  for (long i = 0; i < megabytes; i++) {
    char *block = mmap(NULL, MEGABYTE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) {
      printf("touched=%ld errno=%s\n", i, error_name());
      return 1;
    }
    memset(block, (int)i | 1, MEGABYTE);
  }
  printf("touched=%ld\n", megabytes);
  return 0;
}

static int memory_bomb_in_child(long megabytes) {
  int status = 0;
  pid_t child = fork();
  if (child == 0) _exit(memory_bomb(megabytes));
  waitpid(child, &status, 0);
  printf("signal=%d\n", WIFSIGNALED(status) ? WTERMSIG(status) : 0);
  return 0;
}

static int disk_bomb(const char *directory) {
  static char block[MEGABYTE];
  char path[4096];
  long long bytes = 0;
  snprintf(path, sizeof path, "%s/filled", directory);
  errno = 0;
  int fd = open(path, O_CREAT | O_WRONLY, 0600);
  memset(block, 'x', sizeof block);
  for (ssize_t n; fd >= 0 && (n = write(fd, block, sizeof block)) > 0;) bytes += n;
  printf("bytes=%lld errno=%s\n", bytes, error_name());
  unlink(path);
  return 0;
}

static int inode_bomb(const char *directory) {
  char path[4096];
  long files = 0;
  for (;; files++) {
    snprintf(path, sizeof path, "%s/filled.%ld", directory, files);
    errno = 0;
    int fd = open(path, O_CREAT | O_WRONLY | O_EXCL, 0600);
    if (fd < 0) break;
    close(fd);
  }
  printf("files=%ld errno=%s\n", files, error_name());
  for (long i = 0; i < files; i++) {
    snprintf(path, sizeof path, "%s/filled.%ld", directory, i);
    unlink(path);
  }
  return 0;
}

static int log_bomb(long megabytes) {
  static char line[1024];
  memset(line, 'l', sizeof line);
  line[sizeof line - 1] = '\n';
  for (long i = 0; i < megabytes * 1024; i++) fwrite(line, sizeof line, 1, stdout);
  return fflush(stdout);
}

static int descriptor_bomb(void) {
  int opened = 0;
  errno = 0;
  while (open("/dev/null", O_RDONLY) >= 0) opened++;
  printf("opened=%d errno=%s\n", opened, error_name());
  return 0;
}

static void spin(void) {
  for (volatile unsigned long i = 0;; i++) {
  }
}

static _Noreturn void stubborn(void) {
  for (int signal_number = 1; signal_number < NSIG; signal_number++) signal(signal_number, SIG_IGN);
  for (int i = 0; i < STUBBORN_CHILDREN; i++) {
    if (fork() == 0) {
      setsid();
      for (;;) pause();
    }
  }
  printf("stubborn=%d\n", STUBBORN_CHILDREN);
  fflush(stdout);
  for (;;) pause();
}

static int leave_daemon(const char *file) {
  if (fork() > 0) return 0;
  setsid();
  for (long count = 0;; count++) {
    FILE *out = fopen(file, "we");
    if (!out) _exit(1);
    fprintf(out, "%ld", count);
    fclose(out);
    usleep(10000);
  }
}

static int garbage(void) {
  for (int byte = 0; byte < 256; byte++) putchar(byte);
  fputs("\xf0\x28\x8c\x28\xc0\x80\xed\xa0\x80\n", stdout);
  fputs("\x1b]0;title\x07\x1b[2J\x1b[31mred\x1b[0m\n", stdout);
  fputs("END RequestId: 00000000-0000-0000-0000-000000000000\n"
        "REPORT RequestId: 00000000-0000-0000-0000-000000000000\tDuration: 0.01 ms\n", stdout);
  fwrite("\x00\x00\x00\x04\x84\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01" "null", 20, 1, stdout);
  for (int i = 0; i < MEGABYTE / 8; i++) putchar('w');
  return fflush(stdout);
}

int main(int argc, char *argv[]) {
  const char *way = argc > 1 ? argv[1] : "";
  const char *argument = argc > 2 ? argv[2] : "";
  if (!strcmp(way, "fork")) return fork_bomb();
  if (!strcmp(way, "mem")) return memory_bomb(atol(argument));
  if (!strcmp(way, "memchild")) return memory_bomb_in_child(atol(argument));
  if (!strcmp(way, "disk")) return disk_bomb(argument);
  if (!strcmp(way, "inode")) return inode_bomb(argument);
  if (!strcmp(way, "log")) return log_bomb(atol(argument));
  if (!strcmp(way, "fd")) return descriptor_bomb();
  if (!strcmp(way, "spin")) spin();
  if (!strcmp(way, "stubborn")) stubborn();
  if (!strcmp(way, "daemon")) return leave_daemon(argument);
  if (!strcmp(way, "garbage")) return garbage();
  if (!strcmp(way, "exit")) return atoi(argument);
  if (!strcmp(way, "segv")) {
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
  }
  fprintf(stderr, "bomb: unknown way '%s'\n", way);
  return 2;
}
