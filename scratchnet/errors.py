"""The family of errors a user can cause and fix."""


class UserError(Exception):
    """One line that says what is wrong, where, and what to do; shown without a traceback.

    `exit_code` is the exit code of the process: 2 for anything the user typed or provided.
    """

    exit_code = 2


class SettingError(UserError, ValueError):
    """A setting outside its range: its name in `field`, what was given and allowed in `problem`."""

    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}{problem}")
        self.field = field
        self.problem = problem

    def under(self, path: str) -> "SettingError":
        """The same error with the full path of its field, e.g. `optimizer.lr`."""
        return SettingError(f"{path}.{self.field}", self.problem)


class DataError(UserError):
    """A dataset that is missing, damaged or not what its files claim to be."""


class RunError(UserError):
    """A run folder or checkpoint that is missing, damaged, or of another kind."""
