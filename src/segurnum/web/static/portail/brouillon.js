// Keeps what is typed in form[data-brouillon] while it is typed. Without it, a button does the same.

const DELAI = 800; // milliseconds without a key
const REFUSEE =
  "Votre saisie n'est plus enregistrée : votre session est terminée, ou cette demande a été modifiée ailleurs. Copiez ce que vous venez de taper, puis rechargez la page.";
const NOUVEL_ESSAI = 30_000; // milliseconds, while a part of the portal is down
const COUPEE = "La saisie n'a pas pu être enregistrée : vérifiez votre connexion.";
let attente;
let dernier;
let interruption = new AbortController();

async function garder(formulaire, enPartant = false) {
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
      headers: { "X-Brouillon": "oui", Accept: "application/json" },
      keepalive: enPartant, // a browser keeps few octets alive: only when there is no other way
      redirect: "manual",
      signal: enPartant ? undefined : interruption.signal,
    });
    if (reponse.headers.has("X-Panne")) {
      const { phrase } = await reponse.json();
      dire(etat, `${phrase} Votre saisie reste dans cette page, et le portail essaiera de nouveau.`, true);
      dernier = formulaire;
      attente = setTimeout(() => garder(formulaire), NOUVEL_ESSAI);
      return;
    }
    const gardee = reponse.status === 204;
    if (gardee) formulaire.elements.version.value = reponse.headers.get("X-Version");
    dire(etat, gardee ? "Saisie enregistrée, pas encore envoyée." : REFUSEE, !gardee);
  } catch (erreur) {
    if (erreur.name !== "AbortError") dire(etat, COUPEE, true);
  }
}

function dire(etat, phrase, alerte) {
  etat.textContent = phrase;
  etat.classList.toggle("portail-rouge", alerte);
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
    interruption.abort(); // what is sent now holds all of it
    interruption = new AbortController();
    dernier = undefined;
  },
  { capture: true },
);
window.addEventListener("pagehide", () => dernier && garder(dernier, true));
