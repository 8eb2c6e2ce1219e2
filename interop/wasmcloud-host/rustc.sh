#!/bin/sh
# The published host crate nests its futures more deeply than newer compilers take by default; nothing else is changed.
case " $* " in
*" --crate-name wasmcloud_host "*) RUSTC_BOOTSTRAP=1 exec "$@" '-Zcrate-attr=recursion_limit="512"' ;;
esac
exec "$@"
