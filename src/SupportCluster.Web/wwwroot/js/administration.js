// What only the browser can do for the administration: its styles while it is shown, the tokens' values, the system's preference, a file to save.
const styles = ["_content/MudBlazor/MudBlazor.min.css", "css/administration.css"];
const dark = matchMedia("(prefers-color-scheme: dark)");
let links = [];

export async function enter() {
  links = styles.map(href => Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  await Promise.all(links.map(link => new Promise((loaded, failed) => {
    link.onload = loaded;
    link.onerror = () => failed(new Error(`${link.href} was not loaded.`));
    document.head.append(link);
  })));
}

export function leave() {
  links.forEach(link => link.remove());
  links = [];
}

export function tokens(names) {
  const style = getComputedStyle(document.documentElement);
  return names.map(name => style.getPropertyValue(`--${name}`).trim());
}

export function watch(theme) {
  const told = () => theme.invokeMethodAsync("Draw");
  dark.addEventListener("change", told);
  return { end: () => dark.removeEventListener("change", told) };
}

export function save(name, type, text) {
  const link = Object.assign(document.createElement("a"), { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
  link.click();
  URL.revokeObjectURL(link.href);
}
