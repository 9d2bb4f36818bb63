// The reading frame: which piece is shown, found again after a gesture, and changed with the arrow keys.
// Without this script the links still open each piece in the frame.

const liste = document.querySelector("[data-pieces]");
const liens = liste ? [...liste.querySelectorAll("a[target=lecture]")] : [];
const cadre = document.querySelector("iframe[name=lecture]");
const onglet = document.querySelector("[data-onglet]");
const memoire = liste ? `piece-${liste.dataset.pieces}` : "";

function marquer(lien) {
  for (const autre of liens) autre.removeAttribute("aria-current");
  lien.setAttribute("aria-current", "true");
  cadre.title = `Pièce affichée : ${lien.textContent.trim()}`;
  if (onglet) onglet.href = lien.href;
  sessionStorage.setItem(memoire, lien.getAttribute("href"));
}

function deplacer(evenement) {
  const pas = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[evenement.key];
  const rang = liens.indexOf(document.activeElement);
  if (!pas || rang < 0) return;
  evenement.preventDefault();
  const lien = liens[(rang + pas + liens.length) % liens.length];
  lien.focus();
  lien.click();
}

if (cadre && liens.length) {
  const dernier = liens.find((lien) => lien.getAttribute("href") === sessionStorage.getItem(memoire));
  if (dernier && dernier.href !== cadre.src) cadre.src = dernier.href;
  marquer(dernier ?? liens[0]);
  // Other links of the page, such as the decision letter's, open in the frame too.
  for (const lien of document.querySelectorAll("a[target=lecture]")) {
    lien.addEventListener("click", () => marquer(liens.find((autre) => autre.href === lien.href) ?? liens[0]));
  }
  liste.addEventListener("keydown", deplacer);
}
