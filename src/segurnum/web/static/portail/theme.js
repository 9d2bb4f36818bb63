// Before the first paint: what the server wrote holds in this browser, for the design system's script too.
const racine = document.documentElement;
try {
  localStorage.setItem("scheme", racine.dataset.frScheme);
} catch {
  // A browser that keeps nothing follows the page.
}
if (racine.dataset.frScheme === "system" && matchMedia("(prefers-color-scheme: dark)").matches) {
  racine.dataset.frTheme = "dark";
}
