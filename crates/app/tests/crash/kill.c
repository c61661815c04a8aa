/* Preloaded into the program: counts its calls that write, sync or send, over all threads, and kills the process at one
 * of them, as a crash would. Even points lie before a call, odd ones after it.
 *
 * CRASH_AT   the point; none where it is not set
 * CRASH_LOG  a file that gets one line for each call: its number, its name, the file it is about
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;
static long at = LONG_MIN;
static int list = -1;

__attribute__((constructor)) static void begin(void) {
    const char *point = getenv("CRASH_AT"), *path = getenv("CRASH_LOG");
    if (point) at = atol(point);
    if (path) list = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static void reach(long point) {
    if (point != at) return;
    syscall(SYS_kill, getpid(), SIGKILL);
    for (;;) pause();
}

/* What goes to the terminal or wakes a thread of our own changes nothing. */
static int silent(int fd, char *about, size_t size) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, about, size - 1);
    about[length < 0 ? 0 : length] = 0;
    return fd <= 2 || !strncmp(about, "anon_inode:", 11);
}

/* The number of the call, or -1 where it does not count. `path` is NULL where `fd` says what the call is about. */
static long before(const char *name, int fd, const char *path) {
    int saved = errno;
    char about[PATH_MAX], line[PATH_MAX + 128];
    if (!path && silent(fd, about, sizeof about)) {
        errno = saved;
        return -1;
    }
    long call = atomic_fetch_add(&calls, 1);
    if (list >= 0) {
        int length = snprintf(line, sizeof line, "%ld %s %s\n", call, name, path ? path : about);
        syscall(SYS_write, list, line, length);
    }
    reach(2 * call);
    errno = saved;
    return call;
}

static void after(long call) {
    if (call >= 0) reach(2 * call + 1);
}

static const char *sends(const void *buf, size_t n) { return memmem(buf, n, "COMMIT", 7) ? "commit" : "send"; }

#define COUNTED(result, name, shown, fd, path, parameters, arguments)                                                  \
    result name parameters {                                                                                           \
        static result(*real) parameters;                                                                               \
        if (!real) real = (result(*) parameters)dlsym(RTLD_NEXT, #name);                                               \
        long call = before(shown, fd, path);                                                                           \
        result done = real arguments;                                                                                  \
        after(call);                                                                                                   \
        return done;                                                                                                   \
    }

COUNTED(ssize_t, write, "write", fd, NULL, (int fd, const void *buf, size_t n), (fd, buf, n))
COUNTED(ssize_t, writev, "write", fd, NULL, (int fd, const struct iovec *iov, int n), (fd, iov, n))
COUNTED(ssize_t, pwrite, "write", fd, NULL, (int fd, const void *buf, size_t n, off_t to), (fd, buf, n, to))
COUNTED(ssize_t, pwrite64, "write", fd, NULL, (int fd, const void *buf, size_t n, off64_t to), (fd, buf, n, to))
COUNTED(ssize_t, send, sends(buf, n), fd, NULL, (int fd, const void *buf, size_t n, int flags), (fd, buf, n, flags))
COUNTED(ssize_t, sendmsg, "send", fd, NULL, (int fd, const struct msghdr *m, int flags), (fd, m, flags))
COUNTED(int, fsync, "sync", fd, NULL, (int fd), (fd))
COUNTED(int, fdatasync, "sync", fd, NULL, (int fd), (fd))
COUNTED(int, ftruncate, "truncate", fd, NULL, (int fd, off_t length), (fd, length))
COUNTED(int, ftruncate64, "truncate", fd, NULL, (int fd, off64_t length), (fd, length))
COUNTED(int, unlink, "remove", -1, path, (const char *path), (path))
COUNTED(int, unlinkat, "remove", -1, path, (int dir, const char *path, int flags), (dir, path, flags))
COUNTED(int, rename, "rename", -1, to, (const char *from, const char *to), (from, to))
