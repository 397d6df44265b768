// The graph in the reader's browser: Oxigraph as WebAssembly, loaded when the first query comes.
import init, { Store } from "./oxigraph.js";
import { unpacked } from "./packed.js";

let loading = null;

async function load() {
  const [program, bytes] = await Promise.all([unpacked("oxigraph_bg.wasm.gz"), unpacked("store.nq.gz")]);
  await init({ module_or_path: program });
  const store = new Store();
  store.load(bytes, { format: "application/n-quads", no_transaction: true, lenient: true });
  return store;
}

const isGraph = (query) =>
  /^\s*(construct|describe)\b/i.test(query.replace(/#[^\n<>]*$/gm, "").replace(/\b(prefix\s+[^\s:]*:|base)\s*<[^>]*>/gi, ""));

onmessage = async ({ data: { id, query } }) => {
  try {
    loading ??= load();
    const store = await loading;
    const kind = isGraph(query) ? "graph" : "rows";
    const results_format = kind === "graph" ? "application/n-triples" : "application/sparql-results+json";
    postMessage({ id, kind, text: store.query(query, { use_default_graph_as_union: true, results_format }) });
  } catch (error) {
    loading = loading && (await loading.then(() => loading, () => null));
    const isBroken = error instanceof WebAssembly.RuntimeError || error instanceof RangeError; // out of memory or depth
    postMessage({ id, error: String((error && error.message) || error), isBroken });
  }
};
