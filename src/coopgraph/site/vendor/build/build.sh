#!/bin/sh
# Makes the files in the folder above anew, from the versions that package-lock.json pins: npm and node are needed.
set -eu
cd "$(dirname "$0")"
npm ci --no-audit --no-fund --ignore-scripts
npx esbuild editor.js --bundle --minify --format=esm --target=es2022 --legal-comments=none --outfile=../editor.js
cp node_modules/oxigraph/web.js ../oxigraph.js
gzip -9nc node_modules/oxigraph/web_bg.wasm > ../oxigraph_bg.wasm.gz
sed -i 's/web_bg\.wasm/oxigraph_bg.wasm/g' ../oxigraph.js
node land.mjs node_modules/world-atlas/land-50m.json > ../land.json
for name in @codemirror/state @lezer/highlight style-mod w3c-keyname crelt oxigraph world-atlas; do
  echo "== $name"
  cat node_modules/$name/LICENSE* 2>/dev/null || sed -n 's/.*"license": *\(".*"\).*/\1/p' node_modules/$name/package.json
  echo
done > ../LICENSES.txt
(cd .. && sha256sum editor.js land.json oxigraph.js oxigraph_bg.wasm.gz > SHA256SUMS)
rm -rf node_modules
