// Keeps what is typed in form[data-brouillon] while it is typed. Without it, a button does the same.

const DELAI = 800; // milliseconds without a key
let attente;
let dernier;

async function garder(formulaire) {
  clearTimeout(attente);
  dernier = undefined;
  const donnees = new FormData(formulaire);
  for (const champ of formulaire.querySelectorAll('input[type="file"]')) donnees.delete(champ.name);
  donnees.set("geste", "enregistrer");
  const etat = formulaire.querySelector("[data-etat-brouillon]");
  try {
    const reponse = await fetch(formulaire.action, {
      method: "POST",
      body: donnees,
      headers: { "X-Brouillon": "oui" },
      keepalive: true,
    });
    etat.textContent = reponse.status === 204 ? "Saisie enregistrée, pas encore envoyée." : "";
  } catch {
    etat.textContent = "La saisie n'a pas pu être enregistrée : vérifiez votre connexion.";
  }
}

document.addEventListener("input", ({ target }) => {
  const formulaire = target.closest?.("form[data-brouillon]");
  if (!formulaire || target.type === "file" || formulaire.dataset.enCours) return;
  clearTimeout(attente);
  dernier = formulaire;
  attente = setTimeout(() => garder(formulaire), DELAI);
});

// What is being sent needs not be kept apart; what is left behind does.
document.addEventListener(
  "submit",
  () => {
    clearTimeout(attente);
    dernier = undefined;
  },
  { capture: true },
);
window.addEventListener("pagehide", () => dernier && garder(dernier));
