"""The ranking of releases by what is measured of each, fitted on questions whose release is known."""
