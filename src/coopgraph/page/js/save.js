// What is shown, to take away: SVG, PNG (drawn from the same SVG, twice as large) and CSV.

const fileName = (end) =>
  `${
    fold(titleText())
      .replace(/[^\p{L}\p{N}]+/gu, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "network"
  }.${end}`;

function download(content, type, end) {
  const address = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = make("a", { href: address, download: fileName(end) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  announce(t("saved", { file: fileName(end) }));
}

const svgText = () =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(pictureSvg())}\n`;

const saveSvg = () => download(svgText(), "image/svg+xml", "svg");

function savePng() {
  const picture = pictureSvg();
  const [width, height] = [Number(picture.getAttribute("width")), Number(picture.getAttribute("height"))];
  const scale = Math.min(2, 16_000 / Math.max(width, height));
  const image = new Image();
  image.onload = () => {
    const canvas = make("canvas", { width: Math.round(width * scale), height: Math.round(height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob((blob) => (blob ? download(blob, "image/png", "png") : announce(t("notSaved"))), "image/png");
  };
  image.onerror = () => announce(t("notSaved"));
  image.src = URL.createObjectURL(
    new Blob([new XMLSerializer().serializeToString(picture)], { type: "image/svg+xml" }),
  );
}

/** A field of CSV; what a spreadsheet would take for a formula is kept from being one. */
function csvField(value) {
  const text =
    /^[=+\-@\t\r]/.test(String(value)) && !/^-?\d+(\.\d+)?$/.test(String(value)) ? `'${value}` : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function saveCsv() {
  const head = [
    "claim",
    "subject",
    "subject_label",
    "predicate",
    "predicate_label",
    "object",
    "object_label",
    "status",
    "group",
    "from",
    "to",
    "fields",
    "stated_by",
    "source",
    "paragraph",
    "gist",
  ];
  const rows = visibleClaims().map((claim) => [
    expandName(claim.name),
    expandName(claim.subject.name),
    labelOf(claim.subject),
    expandName(claim.predicate.name),
    labelOf(claim.predicate),
    claim.object ? expandName(claim.object.name) : claim.quantity.value,
    objectText(claim),
    claim.status,
    claim.group,
    claim.quantity ? claim.quantity.asOf : claim.from,
    claim.to,
    claim.fields.map(labelOf).join("; "),
    claim.speakers.map(labelOf).join("; "),
    claim.sources.map((source) => source.title).join("; "),
    claim.passages.map((passage) => passage.paragraph || "").join("; "),
    claim.passages.map((passage) => passage.quotation || best(passage.gist)).join(" | "),
  ]);
  download(`\ufeff${[head, ...rows].map((row) => row.map(csvField).join(",")).join("\r\n")}\r\n`, "text/csv", "csv");
}
