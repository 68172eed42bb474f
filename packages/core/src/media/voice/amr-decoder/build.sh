#!/bin/sh
# Makes ../amr-code.ts out of the unpacked sources of opencore-amr 0.1.6; see README.md.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sources=$1
base=$sources/opencore/codecs_v2/audio/gsm_amr
band=$base/amr_nb
made=$(mktemp -d)
trap 'rm -r "$made"' EXIT

# The lists of the library's own Makefile: its decoder, and what decoder and encoder share.
list() { grep -o "$1)/[a-z0-9_]*\.cpp" "$sources/amrnb/Makefile.am" | sed "s|.*/|$2/src/|" | sort -u; }
decoder=$(sed -n '/^if AMRNB_DECODER/,/^else/p' "$sources/amrnb/Makefile.am" > "$made/list" &&
  grep -o 'DEC_SRC_DIR)/[a-z0-9_]*\.cpp' "$made/list" | sed "s|.*/|$band/dec/src/|" | sort -u)
both=$(list COMMON_SRC_DIR "$band/common" |
  grep -vE '/(bits2prm|copy|div_32|l_abs|r_fft|vad1|vad2)\.cpp$')

# shellcheck disable=SC2086
clang++ --target=wasm32-wasi -isystem /usr/include/wasm32-wasi -Os -w \
  -fno-builtin -fno-exceptions -fno-rtti -nostdlib -ffunction-sections -fdata-sections \
  -I"$sources/oscl" -I"$band/dec/src" -I"$band/common/include" -I"$band/dec/include" \
  -I"$base/common/dec/include" -I"$band/enc/src" \
  -Wl,--no-entry -Wl,--gc-sections -Wl,--strip-all -Wl,-z,stack-size=65536 \
  -o "$made/linked.wasm" "$here/bridge.cpp" $decoder $both
wasm-opt -Os "$made/linked.wasm" -o "$made/small.wasm"
sha256sum "$made/small.wasm"
{
  echo '/** WebAssembly, base64: the AMR decoder of opencore-amr 0.1.6, made by amr-decoder/build.sh. */'
  echo 'export const amrCode ='
  printf '  "%s";\n' "$(base64 -w 0 "$made/small.wasm")"
} > "$here/../amr-code.ts"
