#!/bin/sh
# Runs ffmpeg as the leader of a process group of its own, so that it can be ended as a group. The first line of standard
# error says which: "group <pid>". Standard input is a pipe that the server holds: when it closes, because the server
# died however it died, or because ffmpeg is over, the group is ended from within. setsid is Linux's way to make a group,
# perl is there on macOS.
run='echo "group $$" >&2
exec 3<&0
{ while read -r line <&3; do :; done; kill -s KILL -- "-$$"; } >/dev/null 2>&1 &
exec ffmpeg "$@" 3<&-'
if command -v setsid >/dev/null 2>&1; then exec setsid sh -c "$run" ffmpeg "$@"; fi
if command -v perl >/dev/null 2>&1; then exec perl -e 'setpgrp(0, 0); exec @ARGV' sh -c "$run" ffmpeg "$@"; fi
exec sh -c "$run" ffmpeg "$@"
