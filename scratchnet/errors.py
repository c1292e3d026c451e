"""The errors a user can cause and fix."""


class UserError(Exception):
    """One line that says what is wrong, where, and what to do; shown without a traceback.

    `exit_code` is the exit code of the process: 2 for anything the user typed or provided.
    """

    exit_code = 2


class SettingError(UserError, ValueError):
    """A setting outside its range: `field` is its name, `problem` the value and what is allowed."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}{problem}")
        self.field = field
        self.problem = problem

    def under(self, path: str) -> "SettingError":
        """The same error with the setting's full path, e.g. `optimizer.lr` under `optimizer`."""
        return SettingError(f"{path}.{self.field}", self.problem)


class DataError(UserError):
    """A dataset that is missing or damaged, or whose files hold something else."""


class RunError(UserError):
    """A run folder or checkpoint that is missing, damaged or of the wrong kind."""
