// Stands between LargeRec and the machine's OpenCL: every call goes on to the real library, is counted, and may be told to fail. What is created is counted against what is
// released, so that a leak shows. Handles are the real library's. One process-wide state; calls come from one thread at a time.
#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef void *handle;
enum kind { CONTEXT, QUEUE, MEMORY, PROGRAM, KERNEL, EVENT, KINDS };

struct call { const char *name; long count; void *real; struct call *next; };
static struct call *calls;
static handle library;
static long alive[KINDS];
static char fail_name[48]; static long fail_at; static int fail_status, lost_status, fail_lasting;
static char version[64];
static handle queues[64]; static int queues_made;
static char *order; static size_t order_length, order_room;

static struct call *call_of(const char *name) {
    for (struct call *c = calls; c; c = c->next) if (!strcmp(c->name, name)) return c;
    struct call *c = calloc(1, sizeof *c);
    if (!library) library = dlopen("libOpenCL.so.1", RTLD_NOW | RTLD_LOCAL);
    c->name = strdup(name);
    c->real = library ? dlsym(library, name) : NULL;
    if (!c->real) { fprintf(stderr, "there is no %s to go on to\n", name); abort(); }
    c->next = calls;
    return calls = c;
}

// 0, or the status with which the call is to fail.
static int enter(struct call *call) {
    call->count++;
    if (lost_status) return lost_status;
    if (fail_at <= 0 || strcmp(call->name, fail_name) || --fail_at) return 0;
    if (fail_lasting) lost_status = fail_status;
    return fail_status;
}
// What was called on which queue, counted from 1 in the order in which they were made.
static void note(const char *name, handle queue) {
    char line[96];
    int number = 0;
    for (int i = 0; i < queues_made; i++) if (queues[i] == queue) number = i + 1;
    size_t length = (size_t)snprintf(line, sizeof line, "%s %d\n", name, number);
    if (order_length + length > order_room) order = realloc(order, order_room = 2 * (order_room + length));
    memcpy(order + order_length, line, length);
    order_length += length;
}
#define ENTER struct call *call = call_of(__func__); int failed = enter(call)
#define PLAIN(name, parameters, arguments) int name parameters { ENTER; return failed ? failed : ((int (*) parameters)call->real) arguments; }
// Made an event if it was asked for one.
#define QUEUED(name, parameters, arguments) \
    int name parameters { ENTER; if (failed) return failed; note(__func__, queue); \
        int status = ((int (*) parameters)call->real) arguments; alive[EVENT] += status == 0 && event; return status; }
#define CREATE(name, kind, parameters, arguments) \
    handle name parameters { ENTER; if (failed) { *status = failed; return NULL; } \
        handle made = ((handle (*) parameters)call->real) arguments; alive[kind] += made != NULL; return made; }
#define RELEASE(name, kind) int name(handle object) { ENTER; if (failed) return failed; alive[kind]--; return ((int (*)(handle))call->real)(object); }

void between_reset(void) {
    for (struct call *c = calls; c; c = c->next) c->count = 0;
    memset(alive, 0, sizeof alive);
    fail_at = lost_status = 0; version[0] = 0; queues_made = 0; order_length = 0;
}
void between_forget(void) { order_length = 0; }
long between_order(char *text, long size) {
    if (size && order_length) memcpy(text, order, (long)order_length < size ? (long)order_length : size);
    return (long)order_length;
}
void between_fail(const char *call, long nth, int status, int lasting) { snprintf(fail_name, sizeof fail_name, "%s", call); fail_at = nth; fail_status = status; fail_lasting = lasting; }
void between_version(const char *text) { snprintf(version, sizeof version, "%s", text); }
long between_calls(const char *name) { return call_of(name)->count; }
int between_call_name(int index, char *text, int size) {
    struct call *c = calls;
    for (; c && index; index--) c = c->next;
    return c ? snprintf(text, size, "%s", c->name) : 0;
}
long between_alive(void) { long n = 0; for (int i = 0; i < KINDS; i++) n += alive[i] < 0 ? 1000 : alive[i]; return n; }

PLAIN(clGetPlatformIDs, (unsigned n, handle *platforms, unsigned *count), (n, platforms, count))
PLAIN(clGetPlatformInfo, (handle platform, unsigned what, size_t size, void *value, size_t *length), (platform, what, size, value, length))
PLAIN(clGetDeviceIDs, (handle platform, unsigned long type, unsigned n, handle *devices, unsigned *count), (platform, type, n, devices, count))
int clGetDeviceInfo(handle device, unsigned what, size_t size, void *value, size_t *length) {
    ENTER;
    if (failed) return failed;
    if (what == 0x102F && version[0]) {
        if (length) *length = strlen(version) + 1;
        if (value) memcpy(value, version, strlen(version) + 1);
        return 0;
    }
    return ((int (*)(handle, unsigned, size_t, void *, size_t *))call->real)(device, what, size, value, length);
}
CREATE(clCreateContext, CONTEXT, (void *properties, unsigned n, handle *devices, void *notify, void *data, int *status), (properties, n, devices, notify, data, status))
RELEASE(clReleaseContext, CONTEXT)
handle clCreateCommandQueue(handle context, handle device, unsigned long properties, int *status) {
    ENTER;
    if (failed) { *status = failed; return NULL; }
    handle made = ((handle (*)(handle, handle, unsigned long, int *))call->real)(context, device, properties, status);
    alive[QUEUE] += made != NULL;
    if (made && queues_made < 64) queues[queues_made++] = made;
    return made;
}
RELEASE(clReleaseCommandQueue, QUEUE)
CREATE(clCreateBuffer, MEMORY, (handle context, unsigned long flags, size_t size, void *host, int *status), (context, flags, size, host, status))
RELEASE(clReleaseMemObject, MEMORY)
QUEUED(clEnqueueWriteBuffer, (handle queue, handle memory, unsigned wait, size_t offset, size_t size, void *from, unsigned n, handle *list, handle *event), (queue, memory, wait, offset, size, from, n, list, event))
QUEUED(clEnqueueReadBuffer, (handle queue, handle memory, unsigned wait, size_t offset, size_t size, void *to, unsigned n, handle *list, handle *event), (queue, memory, wait, offset, size, to, n, list, event))
CREATE(clCreateProgramWithSource, PROGRAM, (handle context, unsigned n, char **texts, size_t *lengths, int *status), (context, n, texts, lengths, status))
PLAIN(clBuildProgram, (handle program, unsigned n, handle *devices, char *options, void *notify, void *data), (program, n, devices, options, notify, data))
PLAIN(clGetProgramBuildInfo, (handle program, handle device, unsigned what, size_t size, void *value, size_t *length), (program, device, what, size, value, length))
RELEASE(clReleaseProgram, PROGRAM)
CREATE(clCreateKernel, KERNEL, (handle program, char *name, int *status), (program, name, status))
RELEASE(clReleaseKernel, KERNEL)
PLAIN(clSetKernelArg, (handle kernel, unsigned place, size_t size, void *value), (kernel, place, size, value))
QUEUED(clEnqueueNDRangeKernel, (handle queue, handle kernel, unsigned dimensions, size_t *offset, size_t *global, size_t *local, unsigned n, handle *list, handle *event), (queue, kernel, dimensions, offset, global, local, n, list, event))
QUEUED(clEnqueueCopyBuffer, (handle queue, handle from, handle to, size_t from_offset, size_t to_offset, size_t size, unsigned n, handle *list, handle *event), (queue, from, to, from_offset, to_offset, size, n, list, event))
QUEUED(clEnqueueUnmapMemObject, (handle queue, handle memory, void *mapped, unsigned n, handle *list, handle *event), (queue, memory, mapped, n, list, event))
void *clEnqueueMapBuffer(handle queue, handle memory, unsigned wait, unsigned long flags, size_t offset, size_t size, unsigned n, handle *list, handle *event, int *status) {
    ENTER;
    if (failed) { *status = failed; return NULL; }
    return ((void *(*)(handle, handle, unsigned, unsigned long, size_t, size_t, unsigned, handle *, handle *, int *))call->real)(queue, memory, wait, flags, offset, size, n, list, event, status);
}
PLAIN(clWaitForEvents, (unsigned n, handle *list), (n, list))
RELEASE(clReleaseEvent, EVENT)
int clFlush(handle queue) { ENTER; note(__func__, queue); return failed ? failed : ((int (*)(handle))call->real)(queue); }
int clFinish(handle queue) { ENTER; note(__func__, queue); return failed ? failed : ((int (*)(handle))call->real)(queue); }
