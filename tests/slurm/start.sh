#!/bin/bash
# Start SLURM on this machine by hand, as root, beside any other: bash tests/slurm/start.sh DIR PORT; then export SLURM_CONF=DIR/slurm.conf
# Debian: apt-get install --no-install-recommends slurm-wlm munge. PORT and the next one must be free. Everything lies in DIR, whose path
# is short (a socket). Partition "urgent" preempts "main". Stop it: bash tests/slurm/stop.sh DIR
set -euo pipefail
dir=$1 port=$2 host=$(hostname -s)
mkdir -p "$dir"/{munge,state,spool,log}
chmod 755 "$dir"
dd if=/dev/urandom of="$dir/munge/key" bs=128 count=1 status=none
chmod 400 "$dir/munge/key"
chmod 755 "$dir/munge"
eval "$(slurmd -C | head -1 | tr ' ' '\n' | grep -E '^(CPUs|RealMemory)=')"
cat > "$dir/slurm.conf" <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
# a task that is put back into the queue waits cred_expire + 1 s
AuthInfo=socket=$dir/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld.log
SlurmdLogFile=$dir/log/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1,batch_sched_delay=0,sched_min_interval=0
KillWait=5
BatchStartTimeout=1
MaxArraySize=2
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
NodeName=$host NodeAddr=127.0.0.1 CPUs=$CPUs RealMemory=$RealMemory State=UNKNOWN
PartitionName=main Nodes=$host Default=YES MaxTime=INFINITE State=UP PriorityTier=1 PreemptMode=REQUEUE GraceTime=0
PartitionName=urgent Nodes=$host Default=NO MaxTime=INFINITE State=UP PriorityTier=10 PreemptMode=OFF
CONF
munged=(munged --force --key-file="$dir/munge/key" --socket="$dir/munge/socket" --pid-file="$dir/munge/pid"
        --log-file="$dir/munge/log" --seed-file="$dir/munge/seed" --num-threads=2)
"${munged[@]}" 2>/dev/null
export SLURM_CONF=$dir/slurm.conf
slurmctld -c -f "$SLURM_CONF"
slurmd -f "$SLURM_CONF"
for _ in $(seq 300); do
    sinfo --noheader --format=%T 2>/dev/null | grep -q idle && exit 0
    sleep 0.1
done
echo "no node is idle after 30 s" >&2
tail -5 "$dir"/log/*.log >&2
exit 1
