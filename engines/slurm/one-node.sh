#!/bin/bash
# A Slurm of one node, this one, in a folder of its own, for whoever wants to try the scripts:
#
#   engines/slurm/one-node.sh start FOLDER && export SLURM_CONF=FOLDER/slurm.conf
#   engines/slurm/one-node.sh stop FOLDER
#
# It needs munged, slurmctld and slurmd (Debian: slurmctld slurmd munge slurm-client), and
# neither systemd nor cgroups. Whoever starts it is its user.

set -euo pipefail
folder=$(realpath -m "${2:?usage: one-node.sh start|stop FOLDER}")
me=$(id -un)

# A port that nobody listens on, for as long as nobody takes it.
port() {
    python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

configure() {
    mkdir -p "$folder"/{spool,state,log,run}
    chmod 700 "$folder" "$folder"/{state,run}
    (umask 077 && head -c 128 /dev/urandom >"$folder/munge.key")
    cat >"$folder/slurm.conf" <<EOF
ClusterName=one
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmUser=$me
SlurmdUser=$me
SlurmctldPort=$(port)
SlurmdPort=$(port)
AuthType=auth/munge
AuthInfo=socket=$folder/run/munge.socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=sched_interval=1,sched_min_interval=100000
SchedulerType=sched/builtin
ReturnToService=2
KillWait=5
MinJobAge=3600
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.log
NodeName=one NodeHostname=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=1000
PartitionName=all Nodes=one Default=YES MaxTime=INFINITE State=UP
EOF
}

start() {
    for program in munged slurmctld slurmd sbatch; do
        PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || missing+=("$program")
    done
    if [ -n "${missing[*]-}" ]; then
        echo "skipped: this machine has no ${missing[*]}" >&2
        echo "help: Debian has them in slurmctld, slurmd, munge and slurm-client" >&2
        exit 77
    fi
    configure
    export PATH=$PATH:/usr/sbin SLURM_CONF=$folder/slurm.conf
    munged --force --key-file="$folder/munge.key" --socket="$folder/run/munge.socket" \
        --pid-file="$folder/run/munged.pid" --log-file="$folder/log/munged.log" \
        --seed-file="$folder/run/munge.seed"
    slurmctld -c
    slurmd -N one
    for _ in $(seq 50); do
        sinfo --noheader --format=%T 2>/dev/null | grep -q idle && return
        sleep 0.2
    done
    echo "error: the node does not come up: see $folder/log" >&2
    exit 70
}

stop() {
    # What runs would stay behind.
    SLURM_CONF=$folder/slurm.conf scancel --quiet --full --signal=KILL --user="$me" || true
    for daemon in slurmd slurmctld munged; do
        [ -e "$folder/run/$daemon.pid" ] && kill "$(<"$folder/run/$daemon.pid")" 2>/dev/null || true
    done
}

case ${1:-} in
start) start ;;
stop) stop ;;
*)
    echo "usage: one-node.sh start|stop FOLDER" >&2
    exit 2
    ;;
esac
