#!/usr/bin/env bash
# Builds and runs every test. The last line sums up all test assemblies: N passed, N failed, N skipped.
# Nothing has to be installed for them besides the .NET SDK; what a machine lacks (data, a terminal tool, OpenCL, a C compiler, root) is skipped with its reason.
# Exit status 1 if a test failed, none passed, or an assembly did not run to its end.
set -uo pipefail
cd "$(dirname "$0")"

# Tests on real data read this folder; where it is unset or absent they skip and say so.
if [ -z "${LARGEREC_DATA:-}" ]; then
    echo "LARGEREC_DATA is not set: the tests on real data will be skipped."
fi

# The kernels' OpenCL C runs on a CPU by PoCL, and under oclgrind's checks; the libraries that stand in for drivers are written in C. What they need is installed
# where that is possible, else those tests are skipped and say so.
install_checkers() {
    local missing=() packages=(pocl-opencl-icd ocl-icd-libopencl1 oclgrind)
    command -v cc > /dev/null || packages+=(gcc libc6-dev)
    for package in "${packages[@]}"; do
        dpkg-query -W -f '${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    if [ "${#missing[@]}" -eq 0 ]; then
        return
    fi
    if [ "$(id -u)" -ne 0 ]; then
        echo "Not installed: ${missing[*]} (needs root): tests that need it will be skipped."
    elif (apt-get install -y -qq --no-install-recommends "${missing[@]}" || { apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; }) > /dev/null 2>&1; then
        echo "Installed ${missing[*]}."
    else
        echo "Could not install ${missing[*]}: tests that need it will be skipped."
    fi
}
if command -v apt-get > /dev/null && command -v dpkg-query > /dev/null; then
    install_checkers
fi

dotnet build -c Release --nologo -clp:NoSummary -v:quiet || { echo "The build failed; no test was run."; echo "0 passed, 0 failed, 0 skipped"; exit 1; }

results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
passed=0 failed=0 skipped=0 broken=0
for project in tests/*/*.Tests.csproj; do
    name=$(basename "$project" .csproj)
    echo "== $name"
    dotnet test "$project" -c Release --no-build --nologo --logger "trx;LogFileName=$results/$name.trx" --logger "console;verbosity=minimal" || broken=$((broken + 1))
    if [ ! -f "$results/$name.trx" ]; then
        echo "$name left no result: it did not run to its end."
        failed=$((failed + 1))
        continue
    fi
    counters=$(grep -o '<Counters [^>]*>' "$results/$name.trx")
    count() { grep -o " $1=\"[0-9]*\"" <<< "$counters" | grep -o '[0-9]*'; }
    total=$(count total) executed=$(count executed) ok=$(count passed)
    passed=$((passed + ok))
    skipped=$((skipped + total - executed))
    failed=$((failed + executed - ok))
    # What was skipped must be seen, with its reason.
    grep -A6 'outcome="NotExecuted"' "$results/$name.trx" | grep -o '<Message>[^<]*' | sed 's/<Message>/   skipped: /' | sort | uniq -c
done

# A runner that failed without a failed test to show for it has failed all the same.
if [ "$broken" -gt 0 ] && [ "$failed" -eq 0 ]; then
    failed=$broken
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
