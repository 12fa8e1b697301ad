/*
 * Tries, from inside a sandbox, what an attacker would try. Runs as a function: the static binary is a file of a code bundle and is
 * started by its handler. Prints one line for each attempt:
 *
 *   NAME ALLOWED
 *   NAME DENIED ERRNO
 *
 * probe.expected is the oracle: a line that differs from it fails the test. Every attempt runs in a child process of its own, so that one
 * that succeeds does not change the next. Attempts are chosen so that nothing is damaged where one does succeed.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/keyctl.h>
#include <linux/reboot.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/timex.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Numbers that the C library of the build may not know; they are the same on every architecture. */
enum {
  NR_open_tree = 428, NR_move_mount = 429, NR_fsopen = 430, NR_fsmount = 432, NR_clone3 = 435, NR_pidfd_getfd = 438,
  NR_mount_setattr = 442, NR_memfd_secret = 447, NR_io_uring_setup = 425, NR_io_uring_enter = 426, NR_io_uring_register = 427,
  NR_pidfd_open = 434,
};
enum { FAMILY_SMC = 43, FAMILY_XDP = 44, FAMILY_QIPCRTR = 42, FAMILY_KCM = 41, FAMILY_VSOCK = 40, FAMILY_RDS = 21, FAMILY_TIPC = 30 };
enum { PROTOCOL_L2TP = 115, PROTOCOL_MPTCP = 262, FIRST_NEW_CALL = 600 };

static int attempts;

static int denied(int error) {
  errno = error;
  return -1;
}

/* Runs one attempt in a child, whose exit status is the errno, 0 when it succeeded. */
#define ATTEMPT(name, expression)                          \
  do {                                                     \
    fflush(stdout);                                        \
    pid_t child_ = fork();                                 \
    if (child_ == 0) {                                     \
      alarm(5);                                            \
      errno = 0;                                           \
      long result_ = (long)(expression);                   \
      _exit(result_ == -1 ? (errno ? errno : 255) : 0);    \
    }                                                      \
    report(name, child_);                                  \
  } while (0)

static void report(const char *name, pid_t child) {
  int status = 0;
  attempts++;
  if (child < 0 || waitpid(child, &status, 0) < 0) {
    printf("%s BROKEN %s\n", name, strerrorname_np(errno));
  } else if (WIFSIGNALED(status)) {
    printf("%s DENIED SIG%s\n", name, sigabbrev_np(WTERMSIG(status)));
  } else if (WEXITSTATUS(status) == 0) {
    printf("%s ALLOWED\n", name);
  } else {
    const char *error = strerrorname_np(WEXITSTATUS(status));
    printf("%s DENIED %s\n", name, error ? error : "?");
  }
}

/* ── helpers: one attempt each ─────────────────────────────────────────────────────────────────────────────────── */

static int creates(const char *path) { return open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600); }

static int writes(const char *path, const char *text) {
  int fd = open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  return write(fd, text, strlen(text)) < 0 ? -1 : 0;
}

/* Something can be read. A file that the engine has masked can be opened and is empty: ENODATA. */
static int reads(const char *path) {
  char byte;
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return -1;
  ssize_t n = read(fd, &byte, 1);
  if (n < 0) return -1;
  return n == 1 ? 0 : denied(ENODATA);
}

static int lists(const char *path) {
  DIR *directory = opendir(path);
  if (!directory) return -1;
  int entries = 0;
  for (struct dirent *entry; (entry = readdir(directory));) entries += entry->d_name[0] != '.';
  return entries > 0 ? 0 : denied(ENODATA);
}

static int connects(uint32_t address, uint16_t port) {
  int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(address)};
  if (fd < 0) return -1;
  return connect(fd, (struct sockaddr *)&to, sizeof to);
}

static int connects_unix(const char *path, int is_abstract) {
  int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  struct sockaddr_un to = {.sun_family = AF_UNIX};
  if (fd < 0) return -1;
  strncpy(to.sun_path + is_abstract, path, sizeof to.sun_path - 2);
  return connect(fd, (struct sockaddr *)&to, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)is_abstract + strlen(path)));
}

static int clones(unsigned long flags) {
  long pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
  if (pid == 0) _exit(0);
  return pid < 0 ? -1 : 0;
}

static int joins(const char *path) {
  int fd = open(path, O_RDONLY | O_CLOEXEC);
  return fd < 0 ? -1 : setns(fd, 0);
}

static int reads_memory_of(pid_t pid) {
  char byte;
  struct iovec to = {&byte, 1}, from = {(void *)reads_memory_of, 1};
  return (int)process_vm_readv(pid, &to, 1, &from, 1, 0);
}

static int writes_memory_of(pid_t pid) {
  char byte = 0;
  struct iovec from = {&byte, 1}, to = {&attempts, 1};
  return (int)process_vm_writev(pid, &from, 1, &to, 1, 0);
}

static int steals_descriptor(void) {
  int pidfd = (int)syscall(NR_pidfd_open, getppid(), 0);
  return pidfd < 0 ? -1 : (int)syscall(NR_pidfd_getfd, pidfd, 0, 0);
}

static int raises_limit(int resource, rlim_t value) {
  struct rlimit limit = {value, value};
  return setrlimit(resource, &limit);
}

static int has_any_bounding_capability(void) {
  for (int capability = 0; prctl(PR_CAPBSET_READ, capability) >= 0; capability++) {
    if (prctl(PR_CAPBSET_READ, capability) == 1) return 0;
  }
  return denied(EPERM);
}

static int may_gain_privileges(void) { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1 ? denied(EPERM) : 0; }

static int runs_unfiltered(void) {
  char line[256];
  FILE *status = fopen("/proc/self/status", "re");
  while (status && fgets(line, sizeof line, status)) {
    if (strncmp(line, "Seccomp:", 8) == 0) return atoi(line + 8) == 2 ? denied(EPERM) : 0;
  }
  return 0;
}

static int is_root(void) { return getuid() == 0 || geteuid() == 0 || getgid() == 0 ? 0 : denied(EPERM); }

static int runs_from(const char *path) {
  char self[4096], buffer[65536];
  ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
  if (length < 0) return -1;
  self[length] = 0;
  int from = open(self, O_RDONLY | O_CLOEXEC), to = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0700);
  if (from < 0 || to < 0) return -1;
  for (ssize_t n; (n = read(from, buffer, sizeof buffer)) > 0;) {
    if (write(to, buffer, (size_t)n) != n) return -1;
  }
  close(to);
  return execl(path, path, "nothing", NULL);
}

static int mounts(const char *type, const char *target) { return mount("none", target, type, 0, NULL); }

static int handles(void) {
  struct { struct file_handle handle; unsigned char bytes[128]; } space = {.handle.handle_bytes = 128};
  int id;
  return name_to_handle_at(AT_FDCWD, "/", &space.handle, &id, 0);
}

static int opens_by_handle(void) {
  struct { struct file_handle handle; unsigned char bytes[128]; } space = {.handle.handle_bytes = 8, .handle.handle_type = 1};
  return open_by_handle_at(AT_FDCWD, &space.handle, O_RDONLY);
}

static int becomes_realtime(void) {
  struct sched_param parameter = {.sched_priority = 1};
  return sched_setscheduler(0, SCHED_FIFO, &parameter);
}

/* ── groups ────────────────────────────────────────────────────────────────────────────────────────────────────── */

static void identity(void) {
  ATTEMPT("identity.root", is_root());
  ATTEMPT("identity.bounding-capability", has_any_bounding_capability());
  ATTEMPT("identity.new-privileges", may_gain_privileges());
  ATTEMPT("identity.no-seccomp", runs_unfiltered());
  ATTEMPT("identity.setuid-0", setuid(0));
  ATTEMPT("identity.setgid-0", setgid(0));
  ATTEMPT("identity.setgroups", setgroups(1, (gid_t[]){0}));
  ATTEMPT("identity.chown", creates("/tmp/chown") < 0 ? -1 : chown("/tmp/chown", 0, 0));
}

static void namespaces(void) {
  ATTEMPT("namespace.unshare-user", unshare(CLONE_NEWUSER));
  ATTEMPT("namespace.unshare-mount", unshare(CLONE_NEWNS));
  ATTEMPT("namespace.unshare-net", unshare(CLONE_NEWNET));
  ATTEMPT("namespace.unshare-pid", unshare(CLONE_NEWPID));
  ATTEMPT("namespace.unshare-ipc", unshare(CLONE_NEWIPC));
  ATTEMPT("namespace.unshare-uts", unshare(CLONE_NEWUTS));
  ATTEMPT("namespace.unshare-cgroup", unshare(CLONE_NEWCGROUP));
  ATTEMPT("namespace.clone-user", clones(CLONE_NEWUSER));
  ATTEMPT("namespace.clone-user-net", clones(CLONE_NEWUSER | CLONE_NEWNET));
  ATTEMPT("namespace.clone-pid", clones(CLONE_NEWPID));
  ATTEMPT("namespace.clone3", syscall(NR_clone3, NULL, 0));
  ATTEMPT("namespace.setns", joins("/proc/self/ns/net"));
  ATTEMPT("namespace.plain-clone", clones(0));
}

static void mounting(void) {
  ATTEMPT("mount.tmpfs", mounts("tmpfs", "/tmp"));
  ATTEMPT("mount.proc", mounts("proc", "/tmp"));
  ATTEMPT("mount.remount-root", mount(NULL, "/", NULL, MS_REMOUNT | MS_BIND, NULL));
  ATTEMPT("mount.remount-code", mount(NULL, "/var/task", NULL, MS_REMOUNT | MS_BIND, NULL));
  ATTEMPT("mount.umount", umount2("/var/task", MNT_DETACH));
  ATTEMPT("mount.fsopen", syscall(NR_fsopen, "tmpfs", 0));
  ATTEMPT("mount.fsmount", syscall(NR_fsmount, -1, 0, 0));
  ATTEMPT("mount.open_tree", syscall(NR_open_tree, AT_FDCWD, "/", 0));
  ATTEMPT("mount.move_mount", syscall(NR_move_mount, -1, "", AT_FDCWD, "/tmp", 0));
  ATTEMPT("mount.setattr", syscall(NR_mount_setattr, AT_FDCWD, "/", 0, NULL, 0));
  ATTEMPT("mount.pivot_root", syscall(SYS_pivot_root, "/tmp", "/tmp"));
  ATTEMPT("mount.chroot", chroot("/tmp"));
}

static void devices(void) {
  ATTEMPT("device.mknod-character", mknod("/tmp/null", S_IFCHR | 0600, makedev(1, 3)));
  ATTEMPT("device.mknod-block", mknod("/tmp/disk", S_IFBLK | 0600, makedev(8, 0)));
  ATTEMPT("device.mkfifo", mkfifo("/tmp/fifo", 0600));
  ATTEMPT("device.mem", reads("/dev/mem"));
  ATTEMPT("device.kmsg", reads("/dev/kmsg"));
  ATTEMPT("device.disk", reads("/dev/sda"));
  ATTEMPT("device.virtual-disk", reads("/dev/vda"));
  ATTEMPT("device.kvm", open("/dev/kvm", O_RDWR));
  ATTEMPT("device.fuse", open("/dev/fuse", O_RDWR));
  ATTEMPT("device.tun", open("/dev/net/tun", O_RDWR));
  ATTEMPT("device.loop-control", open("/dev/loop-control", O_RDWR));
}

static void spying(void) {
  ATTEMPT("spy.ptrace-traceme", ptrace(PTRACE_TRACEME, 0, NULL, NULL));
  ATTEMPT("spy.ptrace-init", ptrace(PTRACE_SEIZE, 1, NULL, NULL));
  ATTEMPT("spy.process_vm_readv", reads_memory_of(getppid()));
  ATTEMPT("spy.process_vm_writev", writes_memory_of(getppid()));
  ATTEMPT("spy.pidfd_getfd", steals_descriptor());
  ATTEMPT("spy.kcmp", syscall(SYS_kcmp, getpid(), getppid(), 1, 0, 0));
  ATTEMPT("spy.init-memory", reads("/proc/1/mem"));
  ATTEMPT("spy.init-environment", reads("/proc/1/environ"));
  ATTEMPT("spy.init-descriptors", lists("/proc/1/fd"));
  ATTEMPT("spy.init-root", lists("/proc/1/root/"));
  ATTEMPT("spy.init-maps", reads("/proc/1/maps"));
  ATTEMPT("spy.perf_event_open", syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
  ATTEMPT("spy.kernel-log", syscall(SYS_syslog, 3, (char[16]){0}, 16));
  ATTEMPT("spy.kcore", reads("/proc/kcore"));
  ATTEMPT("spy.keys", reads("/proc/keys"));
  ATTEMPT("spy.timer-list", reads("/proc/timer_list"));
}

static void kernel(void) {
  ATTEMPT("kernel.bpf", syscall(SYS_bpf, 0, NULL, 0));
  ATTEMPT("kernel.userfaultfd", syscall(SYS_userfaultfd, 1));
  ATTEMPT("kernel.io_uring_setup", syscall(NR_io_uring_setup, 1, NULL));
  ATTEMPT("kernel.io_uring_enter", syscall(NR_io_uring_enter, -1, 0, 0, 0, NULL, 0));
  ATTEMPT("kernel.io_uring_register", syscall(NR_io_uring_register, -1, 0, NULL, 0));
  ATTEMPT("kernel.io_setup", syscall(SYS_io_setup, 1, NULL));
  ATTEMPT("kernel.keyctl", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0));
  ATTEMPT("kernel.add_key", syscall(SYS_add_key, "user", "probe", "x", 1, KEY_SPEC_PROCESS_KEYRING));
  ATTEMPT("kernel.request_key", syscall(SYS_request_key, "user", "probe", NULL, 0));
  ATTEMPT("kernel.init_module", syscall(SYS_init_module, NULL, 0, ""));
  ATTEMPT("kernel.finit_module", syscall(SYS_finit_module, -1, "", 0));
  ATTEMPT("kernel.delete_module", syscall(SYS_delete_module, "no-such-module", O_NONBLOCK));
  ATTEMPT("kernel.kexec_load", syscall(SYS_kexec_load, 0, 0, NULL, 0));
  ATTEMPT("kernel.reboot", syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_OFF, NULL));
  ATTEMPT("kernel.swapon", syscall(SYS_swapon, "/tmp/none", 0));
  ATTEMPT("kernel.swapoff", syscall(SYS_swapoff, "/tmp/none"));
  ATTEMPT("kernel.acct", syscall(SYS_acct, "/tmp/none"));
  ATTEMPT("kernel.quotactl", syscall(SYS_quotactl, 0, NULL, 0, NULL));
  ATTEMPT("kernel.name_to_handle_at", handles());
  ATTEMPT("kernel.open_by_handle_at", opens_by_handle());
  ATTEMPT("kernel.fanotify_init", syscall(SYS_fanotify_init, 0, 0));
  ATTEMPT("kernel.memfd_secret", syscall(NR_memfd_secret, 0));
  ATTEMPT("kernel.vmsplice", vmsplice(-1, NULL, 0, 0));
  ATTEMPT("kernel.move_pages", syscall(SYS_move_pages, 0, 0, NULL, NULL, NULL, 0));
  ATTEMPT("kernel.personality", syscall(SYS_personality, 0x0400000 /* READ_IMPLIES_EXEC */));
  ATTEMPT("kernel.seccomp", syscall(SYS_seccomp, 2 /* GET_ACTION_AVAIL */, 0, (uint32_t[]){0}));
  ATTEMPT("kernel.sync", syscall(SYS_sync));
  ATTEMPT("kernel.newer-than-the-profile", syscall(FIRST_NEW_CALL));
}

static void machine(void) {
  struct timespec now;
  struct timeval today;
  clock_gettime(CLOCK_REALTIME, &now);
  gettimeofday(&today, NULL);
  ATTEMPT("machine.clock_settime", clock_settime(CLOCK_REALTIME, &now));
  ATTEMPT("machine.settimeofday", settimeofday(&today, NULL));
  ATTEMPT("machine.adjtimex", adjtimex(&(struct timex){0}));
  ATTEMPT("machine.clock_adjtime", clock_adjtime(CLOCK_REALTIME, &(struct timex){0}));
  ATTEMPT("machine.sethostname", sethostname("probe", 5));
  ATTEMPT("machine.setdomainname", setdomainname("probe", 5));
  ATTEMPT("machine.realtime-priority", becomes_realtime());
  ATTEMPT("machine.higher-priority", setpriority(PRIO_PROCESS, 0, -5));
  ATTEMPT("machine.more-descriptors", raises_limit(RLIMIT_NOFILE, 1 << 20));
  ATTEMPT("machine.core-files", raises_limit(RLIMIT_CORE, 1 << 20));
  ATTEMPT("machine.never-out-of-memory", writes("/proc/self/oom_score_adj", "-1000"));
}

static void interprocess(void) {
  ATTEMPT("ipc.shmget", syscall(SYS_shmget, 0, 4096, 01600));
  ATTEMPT("ipc.semget", syscall(SYS_semget, 0, 1, 01600));
  ATTEMPT("ipc.msgget", syscall(SYS_msgget, 0, 01600));
  ATTEMPT("ipc.mq_open", syscall(SYS_mq_open, "probe", O_CREAT | O_RDWR, 0600, NULL));
  ATTEMPT("ipc.dev-shm", creates("/dev/shm/probe"));
}

static void sockets(void) {
  ATTEMPT("socket.unix", socket(AF_UNIX, SOCK_STREAM, 0));
  ATTEMPT("socket.pair", socketpair(AF_UNIX, SOCK_STREAM, 0, (int[2]){0}));
  ATTEMPT("socket.tcp", socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP));
  ATTEMPT("socket.udp", socket(AF_INET, SOCK_DGRAM, 0));
  ATTEMPT("socket.udp6", socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP));
  ATTEMPT("socket.netlink-route", socket(AF_NETLINK, SOCK_RAW, 0));
  ATTEMPT("socket.netlink-audit", socket(AF_NETLINK, SOCK_RAW, 9));
  ATTEMPT("socket.netlink-netfilter", socket(AF_NETLINK, SOCK_RAW, 12));
  ATTEMPT("socket.raw", socket(AF_INET, SOCK_RAW, IPPROTO_TCP));
  ATTEMPT("socket.raw6", socket(AF_INET6, SOCK_RAW, IPPROTO_ICMPV6));
  ATTEMPT("socket.ping", socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP));
  ATTEMPT("socket.sctp", socket(AF_INET, SOCK_SEQPACKET, IPPROTO_SCTP));
  ATTEMPT("socket.dccp", socket(AF_INET, SOCK_DCCP, IPPROTO_DCCP));
  ATTEMPT("socket.mptcp", socket(AF_INET, SOCK_STREAM, PROTOCOL_MPTCP));
  ATTEMPT("socket.l2tp", socket(AF_INET, SOCK_DGRAM, PROTOCOL_L2TP));
  ATTEMPT("socket.packet", socket(AF_PACKET, SOCK_RAW, 0));
  ATTEMPT("socket.vsock", socket(FAMILY_VSOCK, SOCK_STREAM, 0));
  ATTEMPT("socket.alg", socket(AF_ALG, SOCK_SEQPACKET, 0));
  ATTEMPT("socket.tipc", socket(FAMILY_TIPC, SOCK_STREAM, 0));
  ATTEMPT("socket.rds", socket(FAMILY_RDS, SOCK_SEQPACKET, 0));
  ATTEMPT("socket.xdp", socket(FAMILY_XDP, SOCK_RAW, 0));
  ATTEMPT("socket.bluetooth", socket(AF_BLUETOOTH, SOCK_RAW, 1));
  ATTEMPT("socket.can", socket(AF_CAN, SOCK_RAW, 1));
  ATTEMPT("socket.key", socket(AF_KEY, SOCK_RAW, 2));
  ATTEMPT("socket.kcm", socket(FAMILY_KCM, SOCK_DGRAM, 0));
  ATTEMPT("socket.smc", socket(FAMILY_SMC, SOCK_STREAM, 0));
  ATTEMPT("socket.qipcrtr", socket(FAMILY_QIPCRTR, SOCK_DGRAM, 0));
  ATTEMPT("socket.pppox", socket(AF_PPPOX, SOCK_STREAM, 0));
  ATTEMPT("socket.nfc", socket(AF_NFC, SOCK_RAW, 0));
  ATTEMPT("socket.appletalk", socket(AF_APPLETALK, SOCK_DGRAM, 0));
}

static void network(void) {
  ATTEMPT("network.internet", connects(0x01010101, 80));
  ATTEMPT("network.metadata", connects(0xa9fea9fe, 80));
  ATTEMPT("network.docker-gateway", connects(0xac110001, 22));
  ATTEMPT("network.host-abstract-socket", connects_unix("/containerd-shim", 1));
  ATTEMPT("network.platform-socket", connects_unix("/run/fn/fn.sock", 0));
  ATTEMPT("network.docker-socket", connects_unix("/var/run/docker.sock", 0));
  ATTEMPT("network.docker-socket-run", access("/run/docker.sock", F_OK));
  ATTEMPT("network.containerd", access("/run/containerd", F_OK));
}

static void files(void) {
  ATTEMPT("file.root", creates("/probe"));
  ATTEMPT("file.etc", creates("/etc/probe"));
  ATTEMPT("file.usr", creates("/usr/bin/probe"));
  ATTEMPT("file.var-tmp", creates("/var/tmp/probe"));
  ATTEMPT("file.opt", creates("/opt/probe"));
  ATTEMPT("file.runtime", creates("/var/runtime/probe"));
  ATTEMPT("file.socket-directory", creates("/run/fn/probe"));
  ATTEMPT("file.dev", creates("/dev/probe"));
  ATTEMPT("file.mqueue", creates("/dev/mqueue/probe"));
  ATTEMPT("file.code-create", creates("/var/task/probe.new"));
  ATTEMPT("file.code-write", open("/var/task/probe", O_WRONLY));
  ATTEMPT("file.code-delete", unlink("/var/task/probe"));
  ATTEMPT("file.code-chmod", chmod("/var/task/probe", 0777));
  ATTEMPT("file.code-touch", utimensat(AT_FDCWD, "/var/task/probe", NULL, 0));
  ATTEMPT("file.core-pattern", writes("/proc/sys/kernel/core_pattern", "|/tmp/x"));
  ATTEMPT("file.sysrq", writes("/proc/sysrq-trigger", "h"));
  ATTEMPT("file.cgroup", creates("/sys/fs/cgroup/memory/probe"));
  ATTEMPT("file.cgroup-limit", writes("/sys/fs/cgroup/memory/memory.limit_in_bytes", "-1"));
  ATTEMPT("file.uevent-helper", writes("/sys/kernel/uevent_helper", "/tmp/x"));
  ATTEMPT("file.tmp", creates("/tmp/probe"));
  ATTEMPT("file.tmp-execute", runs_from("/tmp/copy"));
}

int main(int argc, char *argv[]) {
  if (argc > 1 && strcmp(argv[1], "nothing") == 0) return 0;
  identity();
  namespaces();
  mounting();
  devices();
  spying();
  kernel();
  machine();
  interprocess();
  sockets();
  network();
  files();
  printf("attempts %d\n", attempts);
  return 0;
}
