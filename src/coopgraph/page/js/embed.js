// The page in a frame of another: picture, evidence and a key without controls, and a link to the page itself.

const wholePage = () => `${location.href.replace(/#.*$/, "")}${toAddress().replace(/([#&])embed=1&?/, "$1").replace(/[#&]$/, "")}`;

/** The code by which another page shows this view. */
function embedCode() {
  const address = wholePage();
  const framed = `${address}${address.includes("#") ? "&" : "#"}embed=1`;
  const quoted = (text) => text.replace(/[&<>"]/g, (letter) => `&#${letter.charCodeAt(0)};`);
  return `<iframe src="${quoted(framed)}" title="${quoted(titleText())}" width="100%" height="560" style="border:0"></iframe>`;
}

/** What the signs of the visible picture mean, in one line, and where the rest is to be had. */
function showKey() {
  const key = byId("key");
  key.hidden = !embedded;
  if (!embedded) return key.replaceChildren();
  const entry = (sign, text) => make("span", {}, sign, text);
  const drawn = lines.filter((line) => line.shown);
  const roots = new Set(nodes.filter((node) => node.visible).map((node) => node.term.root));
  const statuses = new Set(drawn.flatMap((line) => line.claims).filter((claim) => view.claims[claim.index]).map((claim) => claim.status));
  const inAddress = location.protocol !== "about:";
  key.replaceChildren(
    ...inOrder(roots, Object.keys(style.classes)).map((root) => entry(nodeSign(root), classLabel(root))),
    ...inOrder(new Set(drawn.map((line) => line.group)), Object.keys(style.groups)).map((group) =>
      entry(lineSign(group, "realised", true), groupLabel(group)),
    ),
    ...inOrder(statuses, data.statuses).map((status) => entry(lineSign("", strokeOf(status), false), statusLabel(status))),
    inAddress ? make("a", { href: wholePage(), target: "_blank", rel: "noopener" }, t("openWhole", { title: titleText() })) : "",
  );
}
