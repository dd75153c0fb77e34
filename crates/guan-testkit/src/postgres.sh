# Starts a server from the programs in $1 under a folder of its own, prints the folder, and ends with its input.
set -eu
trap '' INT TERM HUP
programs=$1
# In memory where there is plenty: a database there is made eight times as fast.
spare_kib() { awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo; df -Pk /dev/shm | awk 'NR == 2 { print $4 }'; }
place=${TMPDIR:-/tmp}
least=$(spare_kib 2>/dev/null | sort -n | head -n 1)
if [ "${least:-0}" -gt 8000000 ] && [ -w /dev/shm ]; then place=/dev/shm; fi
folder=$(mktemp -d "$place/guan-postgres-XXXXXX")
# The server refuses to run as root.
server() { if [ "$(id -u)" -eq 0 ]; then (cd / && runuser -u postgres -- "$@"); else "$@"; fi; }
clean() {
  for data in "$folder"/*/; do server "$programs/pg_ctl" -D "$data" -m immediate stop >/dev/null 2>&1 || true; done
  rm -rf "$folder"
}
trap clean EXIT
if [ "$(id -u)" -eq 0 ]; then chown postgres "$folder"; fi
server "$programs/initdb" -D "$folder/data" -A trust -U guan --no-sync --locale=C.UTF-8 -E UTF8 >"$folder/initdb.log" 2>&1 \
  || { cat "$folder/initdb.log" >&2; exit 1; }
printf '%s\n' "listen_addresses = ''" "unix_socket_directories = '$folder'" 'fsync = off' 'full_page_writes = off' \
  'max_connections = 300' 'autovacuum = off' >>"$folder/data/postgresql.conf"
server "$programs/pg_ctl" -D "$folder/data" -w -l "$folder/data/server.log" start >/dev/null 2>&1 || { cat "$folder/data/server.log" >&2; exit 1; }
echo "$folder"
exec >/dev/null
cat
