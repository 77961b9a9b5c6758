// A stand-in for the CUDA driver library: the functions that LargeRec calls, with memory on the host, no device and no computing. Kernels are checked and counted,
// not run. What a real driver would do at some time after a call (copies, waits) is done here as late as it may be, so that a missing wait shows in the data.
//
// Device addresses carry a high bit: touching one on the host crashes. Memory has guards at both ends. Handles stay known after their object is gone, so that
// use after destruction is told from nonsense. What breaks the driver's rules is written down (stand_in_faults) besides failing.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, INVALID_VALUE = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, INVALID_DEVICE = 101, INVALID_IMAGE = 200, INVALID_CONTEXT = 201, NO_BINARY = 209,
       INVALID_PTX = 218, UNSUPPORTED_PTX = 222, INVALID_HANDLE = 400, NOT_FOUND = 500, CAPTURE_UNSUPPORTED = 900, CAPTURE_INVALIDATED = 901 };
enum kind { CONTEXT, MODULE, FUNCTION, STREAM, EVENT, MEMORY, HOST_MEMORY, GRAPH, EXECUTABLE, KINDS };
enum work { COPY, RECORD, WAIT, LAUNCH };
static const char *kind_names[KINDS] = { "context", "module", "function", "stream", "event", "memory", "host memory", "graph", "executable graph" };

#define DEVICE_BIT 0x4000000000000000ull
#define GUARD 256
#define GUARD_BYTE 0xA5
#define MOST_PARAMETERS 96

struct object {
    enum kind kind;
    int alive;
    struct object *next;
    struct object *owner;                       // A function's module, what a capture fills.
    uint8_t *bytes; size_t size;                // Memory.
    char name[160];                             // A function.
    int parameters; int parameter_bytes[MOST_PARAMETERS]; int static_shared; int dynamic_shared_allowed;
    struct work_item *first, *last;             // A stream's queue, a graph's nodes.
    int number, capturing, invalidated;         // A stream.
    struct object *stream; long recorded, done; // An event: the stream of its latest record, how many records were queued and are done.
};
struct work_item {
    enum work work;
    struct work_item *next;
    void *to, *from; size_t size;
    struct object *event; long record;
    struct object *function; unsigned grid, block, shared; uint8_t *parameters;
};
struct call { char name[48]; long count; struct call *next; };

static struct object *objects;
static struct call *calls;
static __thread struct object *current;
static struct object *primary;
static int retained, streams_made;
static long leaked, lost_status;
static char fail_name[48]; static long fail_at; static int fail_status, fail_lasting;
static char faults[1 << 14];
struct text { char *start; size_t length, room; };
static struct text launches, order;             // What was launched; what was called on which stream.
static long set_devices, set_version, set_major, set_minor, set_memory, set_eager;
static size_t held;

static void fault(const char *format, const char *a, const char *b) {
    size_t used = strlen(faults);
    snprintf(faults + used, sizeof faults - used, format, a, b);
    used = strlen(faults);
    snprintf(faults + used, sizeof faults - used, "\n");
}

static void write_line(struct text *to, const char *line) {
    size_t length = strlen(line);
    if (to->length + length > to->room) to->start = realloc(to->start, to->room = 2 * (to->room + length));
    memcpy(to->start + to->length, line, length);
    to->length += length;
}

static void note(const char *call, struct object *stream) {
    char line[96];
    snprintf(line, sizeof line, "%s %d\n", call, stream->number);
    write_line(&order, line);
}

static struct call *call_of(const char *name) {
    for (struct call *c = calls; c; c = c->next) if (!strcmp(c->name, name)) return c;
    struct call *c = calloc(1, sizeof *c);
    snprintf(c->name, sizeof c->name, "%s", name);
    c->next = calls;
    return calls = c;
}

static int enter(const char *name, int needs_context) {
    call_of(name)->count++;
    if (lost_status) return (int)lost_status;
    if (fail_at > 0 && !strcmp(name, fail_name) && --fail_at == 0) {
        if (fail_lasting) lost_status = fail_status;
        return fail_status;
    }
    if (needs_context && (!current || !current->alive)) {
        fault("%s: no context is current on this thread%s", name, "");
        return INVALID_CONTEXT;
    }
    return SUCCESS;
}
#define ENTER(needs_context) do { int entered = enter(__func__, needs_context); if (entered) return entered; } while (0)
#define NEED(object, kind) do { int valid = need(__func__, object, kind); if (valid) return valid; } while (0)

static int need(const char *call, struct object *object, enum kind kind) {
    for (struct object *o = objects; o; o = o->next) {
        if (o != object || o->kind != kind) continue;
        if (o->alive) return SUCCESS;
        fault("%s: a %s is used after it was destroyed", call, kind_names[kind]);
        return INVALID_HANDLE;
    }
    fault("%s: not a %s", call, kind_names[kind]);
    return INVALID_HANDLE;
}

static struct object *make(enum kind kind) {
    struct object *o = calloc(1, sizeof *o);
    o->kind = kind; o->alive = 1; o->next = objects;
    return objects = o;
}

static struct object *allocate(enum kind kind, size_t size) {
    struct object *o = make(kind);
    o->bytes = malloc(size + 2 * GUARD); o->size = size;
    memset(o->bytes, GUARD_BYTE, size + 2 * GUARD);
    memset(o->bytes + GUARD, 0, size);
    return o;
}

static void release(struct object *o) {
    o->alive = 0;
    if (!o->bytes) return;
    for (size_t i = 0; i < GUARD; i++)
        if (o->bytes[i] != GUARD_BYTE || o->bytes[GUARD + o->size + i] != GUARD_BYTE) {
            fault("%s was written outside of its bounds%s", kind_names[o->kind], "");
            break;
        }
    memset(o->bytes, 0xDD, o->size + 2 * GUARD);
    free(o->bytes);
    o->bytes = NULL;
    if (o->kind == MEMORY) held -= o->size;
}

// The memory that holds an address and so many bytes after it; a real place for it.
static uint8_t *place(uint64_t address, size_t size, struct object **found) {
    uint8_t *host = (uint8_t *)(uintptr_t)(address & ~DEVICE_BIT);
    enum kind kind = address & DEVICE_BIT ? MEMORY : HOST_MEMORY;
    for (struct object *o = objects; o; o = o->next)
        if (o->kind == kind && o->alive && host >= o->bytes + GUARD && host + size <= o->bytes + GUARD + o->size) {
            if (found) *found = o;
            return host;
        }
    return NULL;
}

static void run_event(struct object *event, long record);

static void run_item(struct work_item *item) {
    if (item->work == COPY) memmove(item->to, item->from, item->size);
    if (item->work == WAIT) run_event(item->event, item->record);
    if (item->work == RECORD) item->event->done = item->record;
}

static void run_first(struct object *stream) {
    struct work_item *item = stream->first;
    stream->first = item->next;
    if (!stream->first) stream->last = NULL;
    run_item(item);
    free(item->parameters);
    free(item);
}

static void run_event(struct object *event, long record) {
    while (event->done < record && event->stream && event->stream->first) run_first(event->stream);
}

static void run_all(struct object *stream) { while (stream->first) run_first(stream); }

static void append(struct object *to, struct work_item item) {
    struct work_item *made = malloc(sizeof *made);
    *made = item; made->next = NULL;
    if (to->last) to->last->next = made; else to->first = made;
    to->last = made;
    // A stream that was told to be early runs until something is not there yet.
    if (to->kind == STREAM && set_eager && to->number >= set_eager)
        while (to->first && !(to->first->work == WAIT && to->first->event->done < to->first->record)) run_first(to);
}

static int refused_by_capture(const char *call) {
    for (struct object *o = objects; o; o = o->next)
        if (o->kind == STREAM && o->alive && o->capturing) {
            o->invalidated = 1;
            fault("%s while a stream is captured%s", call, "");
            return 1;
        }
    return 0;
}
#define NOT_CAPTURED() do { if (refused_by_capture(__func__)) return CAPTURE_UNSUPPORTED; } while (0)

// --- What tests say and ask.
void stand_in_reset(void) {
    for (struct object *o = objects; o; o = o->next) {
        free(o->bytes);
        o->bytes = NULL; o->first = o->last = NULL; o->alive = 0;
    }
    for (struct call *c = calls; c; c = c->next) c->count = 0;
    current = primary = NULL; retained = streams_made = 0; leaked = lost_status = fail_at = 0; held = 0; faults[0] = 0; launches.length = order.length = 0;
    set_devices = 1; set_version = 12040; set_major = 8; set_minor = 0; set_memory = 1l << 32; set_eager = 0;
}
void stand_in_set(const char *what, long value) {
    if (!strcmp(what, "devices")) set_devices = value;
    if (!strcmp(what, "version")) set_version = value;
    if (!strcmp(what, "major")) set_major = value;
    if (!strcmp(what, "minor")) set_minor = value;
    if (!strcmp(what, "memory")) set_memory = value;
    if (!strcmp(what, "eager")) set_eager = value;
}
void stand_in_fail(const char *call, long nth, int status, int lasting) { snprintf(fail_name, sizeof fail_name, "%s", call); fail_at = nth; fail_status = status; fail_lasting = lasting; }
long stand_in_calls(const char *name) { return call_of(name)->count; }
int stand_in_call_name(int index, char *text, int size) {
    struct call *c = calls;
    for (; c && index; index--) c = c->next;
    return c ? snprintf(text, size, "%s", c->name) : 0;
}
long stand_in_alive(void) { long n = 0; for (struct object *o = objects; o; o = o->next) n += o->alive && o->kind != FUNCTION; return n; }
long stand_in_leaked(void) { return leaked; }
int stand_in_faults(char *text, int size) { return snprintf(text, size, "%s", faults); }
static long read_text(const struct text *from, char *text, long size) {
    if (from->length && size) memcpy(text, from->start, (long)from->length < size ? (long)from->length : size);
    return (long)from->length;
}
long stand_in_launches(char *text, long size) { return read_text(&launches, text, size); }
long stand_in_order(char *text, long size) { return read_text(&order, text, size); }
void stand_in_forget_launches(void) { launches.length = order.length = 0; }

// --- Errors, devices, contexts.
static const struct { int status; const char *name, *text; } errors[] = {
    { 1, "CUDA_ERROR_INVALID_VALUE", "invalid argument" }, { 2, "CUDA_ERROR_OUT_OF_MEMORY", "out of memory" },
    { 46, "CUDA_ERROR_DEVICE_UNAVAILABLE", "CUDA-capable device(s) is/are busy or unavailable" }, { 100, "CUDA_ERROR_NO_DEVICE", "no CUDA-capable device is detected" },
    { 101, "CUDA_ERROR_INVALID_DEVICE", "invalid device ordinal" }, { 200, "CUDA_ERROR_INVALID_IMAGE", "device kernel image is invalid" },
    { 201, "CUDA_ERROR_INVALID_CONTEXT", "invalid device context" }, { 209, "CUDA_ERROR_NO_BINARY_FOR_GPU", "no kernel image is available for execution on the device" },
    { 214, "CUDA_ERROR_ECC_UNCORRECTABLE", "uncorrectable ECC error encountered" },
    { 218, "CUDA_ERROR_INVALID_PTX", "a PTX JIT compilation failed" }, { 222, "CUDA_ERROR_UNSUPPORTED_PTX_VERSION", "the provided PTX was compiled with an unsupported toolchain." },
    { 400, "CUDA_ERROR_INVALID_HANDLE", "invalid resource handle" }, { 500, "CUDA_ERROR_NOT_FOUND", "named symbol not found" },
    { 700, "CUDA_ERROR_ILLEGAL_ADDRESS", "an illegal memory access was encountered" }, { 719, "CUDA_ERROR_LAUNCH_FAILED", "unspecified launch failure" },
    { 900, "CUDA_ERROR_STREAM_CAPTURE_UNSUPPORTED", "operation not permitted when stream is capturing" },
    { 901, "CUDA_ERROR_STREAM_CAPTURE_INVALIDATED", "operation failed due to a previous error during capture" }, { 999, "CUDA_ERROR_UNKNOWN", "unknown error" },
};
static int error_text(int status, const char **text, int name) {
    for (size_t i = 0; i < sizeof errors / sizeof *errors; i++) if (errors[i].status == status) { *text = name ? errors[i].name : errors[i].text; return SUCCESS; }
    *text = NULL;
    return INVALID_VALUE;
}
int cuGetErrorName(int status, const char **text) { return error_text(status, text, 1); }
int cuGetErrorString(int status, const char **text) { return error_text(status, text, 0); }
int cuInit(unsigned flags) { ENTER(0); return flags ? INVALID_VALUE : set_devices ? SUCCESS : NO_DEVICE; }
int cuDriverGetVersion(int *version) { ENTER(0); *version = (int)set_version; return SUCCESS; }
int cuDeviceGetCount(int *count) { ENTER(0); *count = (int)set_devices; return SUCCESS; }
// Handles of devices are not their numbers here, so that the two cannot be mistaken.
#define DEVICE(device) do { if (device < 1000 || device >= 1000 + set_devices) { fault("%s: not a device%s", __func__, ""); return INVALID_DEVICE; } } while (0)
int cuDeviceGet(int *device, int ordinal) { ENTER(0); *device = 1000 + ordinal; return ordinal >= 0 && ordinal < set_devices ? SUCCESS : INVALID_DEVICE; }
int cuDeviceGetName(char *name, int size, int device) { ENTER(0); DEVICE(device); snprintf(name, size, "Stand-in %d", device - 1000); return SUCCESS; }
int cuDeviceTotalMem_v2(size_t *bytes, int device) { ENTER(0); DEVICE(device); *bytes = set_memory; return SUCCESS; }
int cuDeviceGetAttribute(int *value, int attribute, int device) {
    ENTER(0); DEVICE(device);
    *value = attribute == 16 ? 108 : attribute == 75 ? (int)set_major : attribute == 76 ? (int)set_minor : attribute == 97 ? 163 << 10 : -1;
    return *value < 0 ? INVALID_VALUE : SUCCESS;
}
int cuDevicePrimaryCtxRetain(struct object **context, int device) {
    ENTER(0); DEVICE(device);
    if (!primary) primary = make(CONTEXT);
    retained++;
    *context = primary;
    return SUCCESS;
}
int cuDevicePrimaryCtxRelease_v2(int device) {
    ENTER(0); DEVICE(device);
    if (!primary) { fault("%s: the context is not held%s", __func__, ""); return INVALID_CONTEXT; }
    if (--retained) return SUCCESS;
    primary->alive = 0; primary = NULL;
    for (struct object *o = objects; o; o = o->next) if (o->alive) { if (o->kind != FUNCTION) leaked++; release(o); }
    return SUCCESS;
}
int cuCtxSetCurrent(struct object *context) { ENTER(0); if (context) NEED(context, CONTEXT); current = context; return SUCCESS; }

// --- Memory and copies.
int cuMemAlloc_v2(uint64_t *address, size_t size) {
    ENTER(1); NOT_CAPTURED();
    if (!size) return INVALID_VALUE;
    if (held + size > (size_t)set_memory) return OUT_OF_MEMORY;
    held += size;
    *address = (uint64_t)(uintptr_t)(allocate(MEMORY, size)->bytes + GUARD) | DEVICE_BIT;
    return SUCCESS;
}
static int free_memory(const char *call, uint64_t address) {
    for (struct object *o = objects; o; o = o->next) if (o->kind == STREAM && o->alive) run_all(o);
    struct object *found = NULL;
    if (!place(address, 1, &found) || found->bytes + GUARD != (uint8_t *)(uintptr_t)(address & ~DEVICE_BIT)) { fault("%s: no such memory%s", call, ""); return INVALID_VALUE; }
    release(found);
    return SUCCESS;
}
int cuMemFree_v2(uint64_t address) { ENTER(1); NOT_CAPTURED(); return free_memory(__func__, address); }
int cuMemHostAlloc(void **memory, size_t size, unsigned flags) { ENTER(1); if (flags) return INVALID_VALUE; *memory = allocate(HOST_MEMORY, size)->bytes + GUARD; return SUCCESS; }
int cuMemFreeHost(void *memory) { ENTER(1); return free_memory(__func__, (uint64_t)(uintptr_t)memory); }
int cuMemGetInfo_v2(size_t *available, size_t *total) { ENTER(1); *available = set_memory - held; *total = set_memory; return SUCCESS; }
static int copy(const char *call, void *to, void *from, size_t size, struct object *stream) {
    if (!to || !from) { fault("%s: outside of all memory%s", call, ""); return INVALID_VALUE; }
    note(call, stream);
    append(stream, (struct work_item){ .work = COPY, .to = to, .from = from, .size = size });
    return SUCCESS;
}
int cuMemcpyHtoDAsync_v2(uint64_t to, void *from, size_t size, struct object *stream) {
    ENTER(1); NEED(stream, STREAM); NOT_CAPTURED();
    // Only page-locked memory is copied without waiting: we give no other.
    return copy(__func__, to & DEVICE_BIT ? place(to, size, NULL) : NULL, place((uint64_t)(uintptr_t)from, size, NULL), size, stream);
}
int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t size, struct object *stream) {
    ENTER(1); NEED(stream, STREAM); NOT_CAPTURED();
    return copy(__func__, to, from & DEVICE_BIT ? place(from, size, NULL) : NULL, size, stream);
}
int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t size, struct object *stream) {
    ENTER(1); NEED(stream, STREAM); NOT_CAPTURED();
    return copy(__func__, to & DEVICE_BIT ? place(to, size, NULL) : NULL, from & DEVICE_BIT ? place(from, size, NULL) : NULL, size, stream);
}

// --- Streams and events.
int cuStreamCreate(struct object **stream, unsigned flags) { ENTER(1); if (flags > 1) return INVALID_VALUE; *stream = make(STREAM); (*stream)->number = ++streams_made; return SUCCESS; }
int cuStreamDestroy_v2(struct object *stream) { ENTER(1); NEED(stream, STREAM); run_all(stream); release(stream); return SUCCESS; }
int cuStreamSynchronize(struct object *stream) { ENTER(1); NEED(stream, STREAM); NOT_CAPTURED(); note(__func__, stream); run_all(stream); return SUCCESS; }
int cuStreamWaitEvent(struct object *stream, struct object *event, unsigned flags) {
    ENTER(1); NEED(stream, STREAM); NEED(event, EVENT); NOT_CAPTURED();
    note(__func__, stream);
    append(stream, (struct work_item){ .work = WAIT, .event = event, .record = event->recorded });
    return flags ? INVALID_VALUE : SUCCESS;
}
int cuEventCreate(struct object **event, unsigned flags) { ENTER(1); if (flags > 7) return INVALID_VALUE; *event = make(EVENT); return SUCCESS; }
int cuEventDestroy_v2(struct object *event) { ENTER(1); NEED(event, EVENT); run_event(event, event->recorded); release(event); return SUCCESS; }
int cuEventRecord(struct object *event, struct object *stream) {
    ENTER(1); NEED(event, EVENT); NEED(stream, STREAM); NOT_CAPTURED();
    note(__func__, stream);
    event->stream = stream; event->recorded++;
    append(stream, (struct work_item){ .work = RECORD, .event = event, .record = event->recorded });
    return SUCCESS;
}
int cuEventSynchronize(struct object *event) { ENTER(1); NEED(event, EVENT); NOT_CAPTURED(); run_event(event, event->recorded); return SUCCESS; }

// --- Modules: entries and the sizes of their parameters are read from the PTX.
static int size_of_type(const char *text) {
    const char *widths[] = { "8", "16", "32", "64" };
    for (int i = 0; i < 4; i++) if (!strncmp(text + 1, widths[i], strlen(widths[i]))) return 1 << i;
    return 0;
}
static int say(char *log, size_t size, int status, const char *text) { if (log) snprintf(log, size, "%s", text); return status; }
int cuModuleLoadDataEx(struct object **module, const char *image, unsigned options, int *option, void **value) {
    ENTER(1); NOT_CAPTURED();
    char *log = NULL; size_t log_size = 0;
    for (unsigned i = 0; i < options; i++) { if (option[i] == 5) log = value[i]; if (option[i] == 6) log_size = (size_t)value[i]; }
    const char *version = strstr(image, ".version"), *target = strstr(image, ".target sm_");
    if (!version || !target) return say(log, log_size, INVALID_PTX, "ptxas application ptx input, line 1; fatal   : Missing .version directive at start of file '<string>'\n");
    int major, minor, architecture, device = (int)(10 * set_major + set_minor);
    sscanf(version, ".version %d.%d", &major, &minor);
    sscanf(target, ".target sm_%d", &architecture);
    // A driver of CUDA 12.4 knows PTX up to 8.4.
    if (10 * major + minor > (int)(set_version / 1000 - 4) * 10 + (int)(set_version % 1000 / 10)) return say(log, log_size, UNSUPPORTED_PTX, "ptxas application ptx input, line 1; fatal   : Unsupported .version\n");
    if (architecture > device || (strspn(target + 11, "0123456789") && target[11 + strspn(target + 11, "0123456789")] == 'a' && architecture != device)) return NO_BINARY;
    struct object *made = make(MODULE);
    int shared = 0;
    for (const char *s = image; (s = strstr(s, ".shared ")); s++) {
        const char *open = strchr(s, '['), *line = strchr(s, '\n'), *type = strstr(s, ".b8");
        if (open && type && line && open < line && type < open && s[-1] != 'd') shared += atoi(open + 1);
    }
    for (const char *e = image; (e = strstr(e, ".entry ")); ) {
        e += 7;
        struct object *f = make(FUNCTION);
        f->owner = made; f->static_shared = shared; f->dynamic_shared_allowed = (48 << 10) - shared;
        size_t length = strcspn(e, " (\t\r\n");
        snprintf(f->name, sizeof f->name, "%.*s", (int)length, e);
        const char *end = strchr(e, ')');
        for (const char *p = e; (p = strstr(p, ".param ")) && p < end && f->parameters < MOST_PARAMETERS; ) {
            p += 7;
            if (!strncmp(p, ".align", 6)) { p += 6; p += strspn(p, " 0123456789"); }
            int size = size_of_type(p + 1);
            const char *stop = p + strcspn(p, ",)\n"), *open = memchr(p, '[', stop - p);
            f->parameter_bytes[f->parameters++] = open ? size * atoi(open + 1) : size;
        }
    }
    *module = made;
    return SUCCESS;
}
int cuModuleUnload(struct object *module) {
    ENTER(1); NEED(module, MODULE);
    for (struct object *o = objects; o; o = o->next) if (o->kind == FUNCTION && o->owner == module) o->alive = 0;
    release(module);
    return SUCCESS;
}
int cuModuleGetFunction(struct object **function, struct object *module, const char *name) {
    ENTER(1); NEED(module, MODULE); NOT_CAPTURED();
    for (struct object *o = objects; o; o = o->next) if (o->kind == FUNCTION && o->owner == module && o->alive && !strcmp(o->name, name)) { *function = o; return SUCCESS; }
    return NOT_FOUND;
}
int cuFuncSetAttribute(struct object *function, int attribute, int value) {
    ENTER(1); NEED(function, FUNCTION);
    if (attribute != 8 || value < 0 || value + function->static_shared > 163 << 10) return INVALID_VALUE;
    function->dynamic_shared_allowed = value;
    return SUCCESS;
}

// --- Launches and graphs. A parameter of 16 bytes is a view: an address and how many words from there on may be touched.
static int launch(const char *call, struct work_item *item) {
    struct object *f = item->function;
    int valid = need(call, f, FUNCTION), at = 0;
    if (valid) return valid;
    for (int i = 0; i < f->parameters; at += f->parameter_bytes[i++]) {
        uint64_t view[2];
        if (f->parameter_bytes[i] != 16) continue;
        memcpy(view, item->parameters + at, 16);
        if (!(view[0] & DEVICE_BIT) || !place(view[0], 4 * view[1], NULL)) { fault("%s: a view of %s is no memory of the device", call, f->name); return INVALID_VALUE; }
    }
    char line[256];
    snprintf(line, sizeof line, "%s %u %u %u\n", f->name, item->grid, item->block, item->shared);
    write_line(&launches, line);
    return SUCCESS;
}
int cuLaunchKernel(struct object *f, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, unsigned shared, struct object *stream, void **parameters, void **extra) {
    ENTER(1); NEED(f, FUNCTION); NEED(stream, STREAM);
    if (!gx || gx > 2147483647u || gy != 1 || gz != 1 || !bx || bx > 1024 || by != 1 || bz != 1 || extra || (int)shared > f->dynamic_shared_allowed) {
        fault("%s: the grid, the group or the shared memory of %s is not allowed", __func__, f->name);
        return INVALID_VALUE;
    }
    struct work_item item = { .work = LAUNCH, .function = f, .grid = gx, .block = bx, .shared = shared };
    int bytes = 0;
    for (int i = 0; i < f->parameters; i++) bytes += f->parameter_bytes[i];
    item.parameters = malloc(bytes + 1);
    for (int i = 0, at = 0; i < f->parameters; at += f->parameter_bytes[i++]) memcpy(item.parameters + at, parameters[i], f->parameter_bytes[i]);
    if (stream->capturing) { append(stream->owner, item); return SUCCESS; }
    int status = launch(__func__, &item);
    if (status) free(item.parameters); else append(stream, item);
    return status;
}
int cuStreamBeginCapture_v2(struct object *stream, int mode) {
    ENTER(1); NEED(stream, STREAM);
    if (mode < 0 || mode > 2 || stream->capturing) return INVALID_VALUE;
    stream->capturing = 1; stream->invalidated = 0; stream->owner = make(GRAPH);
    return SUCCESS;
}
int cuStreamEndCapture(struct object *stream, struct object **graph) {
    int entered = enter(__func__, 1);
    NEED(stream, STREAM);
    if (!stream->capturing) return INVALID_VALUE;
    stream->capturing = 0;                      // Whether it goes well or not.
    *graph = stream->owner;
    if (!entered && !stream->invalidated) return SUCCESS;
    release(stream->owner);
    *graph = NULL;
    return entered ? entered : CAPTURE_INVALIDATED;
}
int cuGraphInstantiateWithFlags(struct object **executable, struct object *graph, unsigned long long flags) {
    ENTER(1); NEED(graph, GRAPH);
    if (flags) return INVALID_VALUE;
    *executable = make(EXECUTABLE);
    for (struct work_item *i = graph->first; i; i = i->next) append(*executable, *i);
    return SUCCESS;
}
int cuGraphLaunch(struct object *executable, struct object *stream) {
    ENTER(1); NEED(executable, EXECUTABLE); NEED(stream, STREAM); NOT_CAPTURED();
    note(__func__, stream);
    for (struct work_item *i = executable->first; i; i = i->next) { int status = launch(__func__, i); if (status) return status; }
    return SUCCESS;
}
int cuGraphExecDestroy(struct object *executable) { ENTER(1); NEED(executable, EXECUTABLE); release(executable); return SUCCESS; }
int cuGraphDestroy(struct object *graph) { ENTER(1); NEED(graph, GRAPH); release(graph); return SUCCESS; }
