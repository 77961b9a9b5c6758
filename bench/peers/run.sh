#!/bin/sh
# Runs peer.py under jemalloc with Debian's Python. MALLOC=glibc leaves malloc as it is; PYTHON=... takes another interpreter.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
python=${PYTHON:-/usr/bin/python3}
if [ "${MALLOC:-jemalloc}" = glibc ]; then
    exec "$python" "$here/peer.py" "$@"
fi
library=$(ldconfig -p 2>/dev/null | sed -n 's/.*libjemalloc\.so\.2 .*=> //p' | head -n 1)
if [ -z "$library" ]; then
    echo "run.sh: libjemalloc.so.2 is not installed (Debian: libjemalloc2); MALLOC=glibc runs without it" >&2
    exit 1
fi
# Buffers of hundreds of megabytes stay with the process; jemalloc would hand them back after every use.
export MALLOC_CONF=${MALLOC_CONF-dirty_decay_ms:-1,muzzy_decay_ms:-1}
LD_PRELOAD=$library exec "$python" "$here/peer.py" "$@"
