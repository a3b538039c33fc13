// What only the browser can do: keep a token, and take one from the address of a wall display's link.
export function begin(key) {
  return [token(key), navigator.language];
}

function token(key) {
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.removeItem(key);
    localStorage.setItem(key, given);
    history.replaceState(history.state, "", location.pathname + location.search);
    return given;
  }

  return sessionStorage.getItem(key) ?? localStorage.getItem(key);
}

export function keep(key, value) {
  sessionStorage.setItem(key, value);
}

export function forget(key) {
  sessionStorage.removeItem(key);
  localStorage.removeItem(key);
}

export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
