# Prepares the root: somebody with a home that Daypass must leave alone, and what judges the package.
set -eu
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -qq -o Dpkg::Use-Pty=0 --no-install-recommends adduser man-db zsh fish elvish xvfb xauth xdotool dbus dbus-x11 \
    gnome-keyring fonts-dejavu-core mandoc > /dev/null
adduser --quiet --disabled-password --gecos "Somebody" somebody
install -d -o somebody -m 0700 /home/somebody/.aws /home/somebody/.aws/sso /home/somebody/.aws/sso/cache
printf '# mine\r\n[default]\nregion = eu-central-1\n\n[profile old]\nsso_start_url = https://d-1234567890.awsapps.com/start\nsso_region = eu-central-1\nsso_account_id = 111122223333\nsso_role_name = ReadOnly' \
    > /home/somebody/.aws/config
printf '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n' > /home/somebody/.aws/credentials
printf '{"startUrl": "https://d-1234567890.awsapps.com/start"}' > /home/somebody/.aws/sso/cache/other-tool.json
chown -R somebody: /home/somebody
chmod 0600 /home/somebody/.aws/config /home/somebody/.aws/credentials
# What the package stands on, without the package: what is left after it is compared with this.
apt-get satisfy -qq -o Dpkg::Use-Pty=0 --no-install-recommends "$(dpkg-deb --field /packages/new.deb Depends)" > /dev/null
