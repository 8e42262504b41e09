// What libfaketime leaves at the pace of the wall: waits on a futex and on a condition, which Rust, GLib and
// the C++ library put to the kernel themselves. FAST_CLOCK_RATE says how many times as fast the clock runs.

#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BILLION 1000000000L

typedef long (*call)(long, ...);
typedef int (*wait)(pthread_cond_t *, pthread_mutex_t *, clockid_t, const struct timespec *);

static call kernel;
static wait condition;
static long rate = 1;

__attribute__((constructor)) static void begin(void) {
    const char *wished = getenv("FAST_CLOCK_RATE");
    kernel = (call)dlsym(RTLD_NEXT, "syscall");
    condition = (wait)dlsym(RTLD_NEXT, "pthread_cond_clockwait");
    if (wished && atol(wished) > 0)
        rate = atol(wished);
}

static long nanoseconds(struct timespec time) {
    return time.tv_sec * BILLION + time.tv_nsec;
}

static struct timespec timespec(long nanoseconds) {
    struct timespec time = {nanoseconds / BILLION, nanoseconds % BILLION};
    return time;
}

// The moment by the kernel's clock that is that far away by the fast one.
static struct timespec moment(clockid_t clock, const struct timespec *fast) {
    struct timespec here, there;
    clock_gettime(clock, &here);
    kernel(SYS_clock_gettime, clock, &there);
    long left = nanoseconds(*fast) - nanoseconds(here);
    return timespec(nanoseconds(there) + (left > 0 ? left / rate : 0));
}

static int waits_until(long operation) {
    long command = operation & FUTEX_CMD_MASK;
    return command == FUTEX_WAIT_BITSET || command == FUTEX_WAIT_REQUEUE_PI || command == FUTEX_LOCK_PI;
}

long syscall(long number, ...) {
    long a[6];
    va_list list;
    va_start(list, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(list, long);
    va_end(list);
    if (!kernel)
        kernel = (call)dlsym(RTLD_NEXT, "syscall");
    const struct timespec *time = (const struct timespec *)a[3];
    struct timespec scaled;
    if (number == SYS_futex && time && waits_until(a[1])) {
        scaled = moment(a[1] & FUTEX_CLOCK_REALTIME ? CLOCK_REALTIME : CLOCK_MONOTONIC, time);
        a[3] = (long)&scaled;
    } else if (number == SYS_futex && time && (a[1] & FUTEX_CMD_MASK) == FUTEX_WAIT) {
        scaled = timespec(nanoseconds(*time) / rate);
        a[3] = (long)&scaled;
    }
    return kernel(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int pthread_cond_clockwait(pthread_cond_t *cond, pthread_mutex_t *mutex, clockid_t clock,
                           const struct timespec *time) {
    struct timespec scaled = moment(clock, time);
    return condition(cond, mutex, clock, &scaled);
}
