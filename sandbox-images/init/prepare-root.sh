#!/bin/sh
# Turns a Debian root file system into that of a sandbox: no package manager, no setuid programs, no caches and documents,
# one user, the directories that the platform mounts. Runs in a build stage of each sandbox image, as root.
set -eu

# Where the Dockerfiles put it. Run by mistake from the repository it would take the machine apart.
[ "$0" = /prepare-root.sh ] || { echo "prepare-root: only for the build of a sandbox image: it deletes most of the system it runs in" >&2; exit 1; }

find / -xdev -type f -perm /6000 -delete
# shellcheck disable=SC2114 # system directories are just what has to go
rm -rf /usr/bin/apt* /usr/bin/dpkg* /usr/sbin/dpkg* /usr/bin/perl* /usr/bin/deb* /usr/bin/gpgv /usr/lib/apt /usr/lib/dpkg \
    /usr/lib/*/perl-base /usr/share/perl* /usr/share/debconf /usr/sbin/invoke-rc.d /usr/sbin/update-* /usr/bin/ischroot \
    /usr/lib/*/libapt-* /sbin/mkfs* /sbin/fsck* /sbin/mke2fs /sbin/tune2fs /sbin/e2* /sbin/debugfs /sbin/resize2fs \
    /usr/share/doc /usr/share/man /usr/share/info /usr/share/locale /usr/share/lintian /usr/share/bug \
    /usr/share/bash-completion /usr/lib/systemd /etc/systemd /etc/apt /etc/dpkg /etc/cron* /etc/init.d /etc/rc*.d \
    /etc/logrotate.d /etc/pam.d /etc/security /etc/skel /etc/shadow* /etc/gshadow* /etc/passwd- /etc/group- /etc/subuid* \
    /etc/subgid* /etc/machine-id /var/lib/apt /var/lib/dpkg/info /var/cache /var/log /var/backups /var/mail /var/spool \
    /root /home /srv /media /mnt /boot /var/local

cat >/etc/passwd <<'END'
root:x:0:0:root:/:/usr/sbin/nologin
sandbox:x:10001:10001:function:/tmp:/usr/sbin/nologin
END
cat >/etc/group <<'END'
root:x:0:
sandbox:x:10001:
END

# The locale that functions are promised. Without the package of all locales, the one that glibc brings stands in for it.
[ -e /usr/lib/locale/en_US.utf8 ] || ln -s C.utf8 /usr/lib/locale/en_US.utf8

mkdir -p /var/task /var/runtime /var/lang/bin /opt /run/fn /tmp
chmod 0755 /var/task /opt /run/fn
chmod 1777 /tmp
rm -rf /tmp/* /run/lock /run/shm /var/tmp && mkdir -m 1777 /var/tmp
