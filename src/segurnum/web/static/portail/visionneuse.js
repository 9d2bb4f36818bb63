// The reading column: another piece, page or size takes its place without the page, and what is typed in it, being lost;
// the piece is found again after a gesture, and changed with the arrow keys. Without this script its links work alike.

const COLONNE = "pieces-a-lire";
const SELECTION = `#${COLONNE} .gestion-pieces a`;
const colonne = () => document.getElementById(COLONNE);
const memoire = () => `piece-${colonne().dataset.visionneuse}`;
let dernier = 0;

async function montrer(adresse, foyer) {
  const rang = ++dernier;
  const reponse = await fetch(adresse, { headers: { "X-Requested-With": "fetch" } });
  const page = new DOMParser().parseFromString(await reponse.text(), "text/html");
  const nouvelle = page.getElementById(COLONNE);
  if (rang !== dernier) return;
  // Signed out meanwhile, or gone: the address itself says it.
  if (!reponse.ok || !nouvelle) return void (location.href = adresse);
  colonne().replaceWith(nouvelle);
  sessionStorage.setItem(memoire(), adresse);
  foyer(nouvelle)?.focus({ preventScroll: true });
}

// The same control of the new column takes the focus, else its heading, so that the keyboard goes on from there.
function memeFoyer(lien) {
  const rel = lien.getAttribute("rel");
  const libelle = lien.textContent.trim();
  return (nouvelle) => {
    const liens = [...nouvelle.querySelectorAll("a")];
    return (
      liens.find((autre) => rel && autre.getAttribute("rel") === rel) ??
      liens.find((autre) => autre.textContent.trim() === libelle) ??
      nouvelle.querySelector("h2")
    );
  };
}

function suivre(evenement) {
  const lien = evenement.target.closest(`${SELECTION}, #${COLONNE} .gestion-pages a, a[data-visionneuse-de]`);
  if (!lien || evenement.ctrlKey || evenement.metaKey || evenement.shiftKey) return;
  evenement.preventDefault();
  montrer(lien.href, memeFoyer(lien));
}

function deplacer(evenement) {
  const pas = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[evenement.key];
  const liens = [...document.querySelectorAll(SELECTION)];
  const rang = liens.indexOf(document.activeElement);
  if (!pas || rang < 0) return;
  evenement.preventDefault();
  const lien = liens[(rang + pas + liens.length) % liens.length];
  lien.focus();
  lien.click();
}

if (colonne()) {
  document.addEventListener("click", suivre);
  document.addEventListener("keydown", deplacer);
  const gardee = sessionStorage.getItem(memoire());
  const connue = [...document.querySelectorAll(SELECTION)].some(
    (lien) => gardee && new URL(lien.href).searchParams.get("piece") === new URL(gardee).searchParams.get("piece"),
  );
  if (connue && !new URLSearchParams(location.search).has("piece")) montrer(gardee, () => null);
}
