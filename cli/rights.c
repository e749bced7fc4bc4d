#include "cli/rights.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/call.h"

const char *rights_to_socket(
    char step[RIGHTS_STEP_SIZE], const char *login, const char *socket)
{
    struct stat status;
    const struct group *group = NULL;

    if (stat(socket, &status) == 0 && status.st_gid != 0 &&
        (status.st_mode & S_IWGRP) != 0)
        group = getgrgid(status.st_gid);
    if (group == NULL)
        snprintf(step, RIGHTS_STEP_SIZE,
            "%.60s must be in the group that owns the agent's socket: ls -l "
            "%.120s",
            login, socket);
    else
        snprintf(step, RIGHTS_STEP_SIZE,
            "sudo adduser %.60s %.60s, and then %.60s logs in again", login,
            group->gr_name, login);
    return step;
}

int rights_to_folder(struct call *call, const char *folder, const char *command)
{
    struct stat status;
    const struct passwd *owner;
    char text[256], next[256];

    if (access(folder, R_OK | W_OK | X_OK) == 0 || stat(folder, &status) != 0 ||
        !S_ISDIR(status.st_mode) || status.st_uid == geteuid())
        return CALL_DONE;
    owner = getpwuid(status.st_uid);
    snprintf(text, sizeof text, "you may not use %.200s", folder);
    if (owner == NULL)
        snprintf(next, sizeof next, "It belongs to user %lu: ls -ld %.180s",
            (unsigned long)status.st_uid, folder);
    else
        snprintf(next, sizeof next, "As its owner: sudo -u %.60s moveup %s",
            owner->pw_name, command);
    return call_refuse(call, text, next);
}
