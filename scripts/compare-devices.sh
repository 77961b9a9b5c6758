#!/usr/bin/env bash
# Does a device train as the CPU does? Five seeds of 3 epochs of ML-100K on the CPU, as many as asked for on the device, and the ranks of each of the device's
# models on both: HR@10 of a device's run must be within twice the spread of the CPU's.
#
#   LARGEREC_DATA=~/data scripts/compare-devices.sh [DEVICE [SEEDS]]      # opencl, "1 2 3 4 5"; on PoCL and two cores one to five minutes a seed
set -euo pipefail
cd "$(dirname "$0")/.."
device=${1:-opencl} seeds=${2:-1 2 3 4 5}
: "${LARGEREC_DATA:?names the folder that has ml-100k}"
dotnet build -c Release --nologo -clp:NoSummary -v:quiet src/Cli
largerec=(dotnet src/Cli/bin/Release/net10.0/LargeRec.Cli.dll)
runs=$(mktemp -d)
trap 'rm -rf "$runs"' EXIT

# run NAME SEED DEVICE: trains, and prints HR@10 of the test.
run() {
    "${largerec[@]}" train --data ml-100k --epochs 3 --set "training.seed=$2" --device "$3" --run "$runs/$1" > "$runs/$1.log" 2>&1 || { cat "$runs/$1.log" >&2; exit 1; }
    grep '"split":"test"' "$runs/$1/metrics.jsonl" | tail -1 | sed 's/.*"hr@10":\([0-9.e-]*\).*/\1/'
}

for seed in 1 2 3 4 5; do
    echo "cpu $seed $(run "cpu-$seed" "$seed" cpu)"
done | tee "$runs/cpu.txt"
for seed in $seeds; do
    echo "$device $seed $(run "device-$seed" "$seed" "$device")"
    "${largerec[@]}" evaluate --run "$runs/device-$seed" --device "$device" --beside cpu 2> /dev/null | sed -n '/^beside/,$p'
done | tee "$runs/device.txt"

awk -v device="$device" '
    $1 == "cpu" { sum += $3; n++; if (n == 1 || $3 < low) low = $3; if (n == 1 || $3 > high) high = $3 }
    $1 == device { off = $3 - sum / n; if (off < 0) off = -off; if (off > worst) worst = off }
    END {
        spread = high - low
        printf "CPU: HR@10 %.4f on average, from %.4f to %.4f; %s: %.4f from the average at most, allowed %.4f\n", sum / n, low, high, device, worst, 2 * spread
        exit worst > 2 * spread
    }' "$runs/cpu.txt" "$runs/device.txt"
