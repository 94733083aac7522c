#!/bin/sh
# What libreoffice-convert starts in place of soffice. It insists on a fresh profile for every call; this hands the document
# to the resident office instead, from the one place the office may read, and carries the result back. It stands here, not
# beside the data: those may lie where nothing can be executed, as a container's /tmp.
# Arguments: -env:UserInstallation=... --headless --convert-to FORMAT --outdir DIR [more of these] FILE; the last one counts
filter=
while [ $# -gt 1 ]; do
  case $1 in
    --convert-to) format=$2; shift ;;
    --outdir) target=$2; shift ;;
    --infilter=*) filter=$1 ;;
  esac
  shift
done
program=$OFFICE_PROGRAM profile=$OFFICE_PROFILE document=$OFFICE_DOCUMENT results=$OFFICE_RESULTS pid_file=$OFFICE_CLIENT_PID
# No document is to learn them from the office's environment.
unset OFFICE_PROGRAM OFFICE_PROFILE OFFICE_DOCUMENT OFFICE_RESULTS OFFICE_CLIENT_PID
rm -rf "$results"/*
mv "$1" "$document" || exit 1
own_group=$(command -v setsid)
$own_group "$program" "-env:UserInstallation=$profile" --headless "$filter" \
  --convert-to "$format" --outdir "$results" "$document" >/dev/null 2>&1 &
echo $! >"$pid_file"
wait $!
rm -f "$pid_file" "$document"
mv "$results"/* "$target" 2>/dev/null
exit 0
