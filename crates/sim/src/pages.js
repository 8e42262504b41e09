
// Portal links carry their request in the fragment, which never reaches the server by itself.
function followFragment() {
  const [path, query] = location.hash.slice(1).split("?");
  if (path === "/device") location.replace("/device?" + (query ?? ""));
  if (path === "/console") location.assign("/start/console?" + (query ?? ""));
}
addEventListener("hashchange", followFragment);
followFragment();
