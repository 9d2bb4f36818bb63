// Comforts of the enrolment form: the page works without them.

// The kbis is asked for when the name is not the directory's (the server judges all the same).
const reduit = (nom) => nom.trim().replace(/\s+/g, " ").toLowerCase();

function suivreLeNom() {
  const zone = document.querySelector("[data-si-change]");
  const champ = document.getElementById("id_denomination");
  if (!zone || !champ) return;
  const montrer = () => {
    const connue = zone.dataset.siChange;
    zone.hidden = !connue || reduit(champ.value) === reduit(connue);
  };
  champ.addEventListener("input", montrer);
  montrer();
}

suivreLeNom();
document.addEventListener("portail:remplace", () => {
  suivreLeNom();
  window.htmx?.process(document.querySelector("main"));
});
