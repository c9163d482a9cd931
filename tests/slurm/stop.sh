#!/bin/bash
# Stop what start.sh has started in DIR.
dir=$1
export SLURM_CONF=$dir/slurm.conf
scancel --user="$(id -u)" 2>/dev/null
for _ in $(seq 100); do
    squeue --noheader 2>/dev/null | grep -q . || break
    sleep 0.1
done
for each in slurmd.pid slurmctld.pid munge/pid; do
    [ -f "$dir/$each" ] && kill "$(cat "$dir/$each")" 2>/dev/null
done
exit 0
