/*
 * Writes down what LevelDB does to the files of one directory, in the order in which it does it, and lets it happen.
 * Loaded before the C library (LD_PRELOAD). LevelDB's files are stdio streams: written with fwrite_unlocked, flushed,
 * then synced by descriptor. A record is: op, length of a, length of b, a number, a, b; little-endian, packed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#undef fwrite_unlocked
#define DESCRIPTORS 65536

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int trace = -1;
static char *names[DESCRIPTORS];

struct head {
  uint8_t op;
  uint32_t a;
  uint32_t b;
  uint64_t number;
} __attribute__((packed));

/* The path below the directory; NULL for what is elsewhere, and for files that nobody reads again. */
static const char *inside(const char *path) {
  const char *root = getenv("DAMSO_TRACE_ROOT");
  size_t length = root ? strlen(root) : 0;
  if (!length || !path || strncmp(path, root, length) != 0) return NULL;
  if (path[length] == '\0') return "";
  if (path[length] != '/') return NULL;
  const char *last = strrchr(path, '/') + 1;
  if (strcmp(last, "LOCK") == 0 || strncmp(last, "LOG", 3) == 0) return NULL;
  return path + length + 1;
}

static void put(const void *bytes, size_t length) {
  const char *at = bytes;
  while (length > 0) {
    ssize_t done = write(trace, at, length);
    if (done <= 0) abort();
    at += done;
    length -= (size_t)done;
  }
}

static void note(char op, const void *a, size_t a_length, const void *b, size_t b_length, uint64_t number) {
  struct head head = {(uint8_t)op, (uint32_t)a_length, (uint32_t)b_length, number};
  pthread_mutex_lock(&lock);
  if (trace < 0) {
    const char *path = getenv("DAMSO_TRACE_FILE");
    int (*real)(const char *, int, ...) = dlsym(RTLD_NEXT, "open64");
    trace = path ? real(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
    if (trace < 0) abort();
  }
  put(&head, sizeof head);
  put(a, a_length);
  put(b, b_length);
  pthread_mutex_unlock(&lock);
}

static void note_path(char op, const char *path) { note(op, path, strlen(path), "", 0, 0); }

static void remember(int fd, const char *path) {
  if (fd < 0 || fd >= DESCRIPTORS) return;
  free(names[fd]);
  names[fd] = path ? strdup(path) : NULL;
}

/* Of a descriptor that was opened by other means too. */
static char *path_of(int fd) {
  char link[32], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return NULL;
  path[length] = '\0';
  const char *name = inside(path);
  return name ? strdup(name) : NULL;
}

static const char *name_of(int fd) { return fd < 0 || fd >= DESCRIPTORS ? NULL : names[fd]; }

/* Called by the workload: a commit begins, or was acknowledged. */
void damso_mark(uint32_t number) { note('m', "", 0, "", 0, number); }

FILE *fopen64(const char *path, const char *mode) {
  FILE *(*real)(const char *, const char *) = dlsym(RTLD_NEXT, "fopen64");
  const char *name = mode[0] == 'r' ? NULL : inside(path);
  FILE *file = real(path, mode);
  if (!file) return file;
  remember(fileno(file), name);
  if (name) note_path(mode[0] == 'a' ? 'a' : 'c', name);
  return file;
}

size_t fwrite_unlocked(const void *data, size_t size, size_t count, FILE *file) {
  size_t (*real)(const void *, size_t, size_t, FILE *) = dlsym(RTLD_NEXT, "fwrite_unlocked");
  const char *name = name_of(fileno(file));
  size_t done = real(data, size, count, file);
  if (name) note('w', name, strlen(name), data, done * size, 0);
  return done;
}

int fclose(FILE *file) {
  int (*real)(FILE *) = dlsym(RTLD_NEXT, "fclose");
  remember(fileno(file), NULL);
  return real(file);
}

static int synced(int fd, const char *function) {
  int (*real)(int) = dlsym(RTLD_NEXT, function);
  char *kept = path_of(fd);
  if (kept) note_path('s', kept);
  int result = real(fd);
  if (kept && result == 0) note_path('S', kept);
  free(kept);
  return result;
}

int fsync(int fd) { return synced(fd, "fsync"); }
int fdatasync(int fd) { return synced(fd, "fdatasync"); }

int rename(const char *from, const char *to) {
  int (*real)(const char *, const char *) = dlsym(RTLD_NEXT, "rename");
  const char *a = inside(from), *b = inside(to);
  int result = real(from, to);
  if (result == 0 && a && b) note('r', a, strlen(a), b, strlen(b), 0);
  return result;
}

int unlink(const char *path) {
  int (*real)(const char *) = dlsym(RTLD_NEXT, "unlink");
  const char *name = inside(path);
  int result = real(path);
  if (result == 0 && name) note_path('u', name);
  return result;
}
